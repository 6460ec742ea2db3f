package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.SegmentSampler;

class CodeRevivalTest {
  private static final int FRAMES = 12;
  private static final long[] NUMBERS = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

  private final WorkerTeam team = new WorkerTeam(1);
  private final ReplayBuffer replay = new ReplayBuffer(new FrameShape(64, 64, 3), 0);
  private final IrisConfig config = SmallAgents.config("tokenizer.revive", "3");
  private final IrisNetworks networks = SmallAgents.networks(config, 3);
  private final Tokenizer tokenizer = networks.world().tokenizer();
  private final FrameEncodings frames =
      new FrameEncodings(replay, tokenizer, Compute.CPU, team, 8, false, 0);

  CodeRevivalTest() {
    RandomStream random = new RandomStream(3);
    byte[] frame = new byte[64 * 64 * 3];
    for (int t = 0; t < FRAMES; t++) {
      Arrays.fill(frame, 0, random.nextInt(frame.length), (byte) random.nextInt());
      replay.append(frame, 0, 0, false);
    }
  }

  @AfterEach
  void close() {
    frames.close();
    networks.close();
    replay.close();
    team.close();
  }

  private Set<Long> used() {
    try (PointerScope _ = new PointerScope()) {
      Set<Long> used = new TreeSet<>();
      for (long token : Tensors.longs(tokenizer.tokens(frames.frames(NUMBERS)))) {
        used.add(token);
      }
      return used;
    }
  }

  private float[] codes() {
    try (PointerScope _ = new PointerScope()) {
      return Tensors.floats(tokenizer.codes());
    }
  }

  /** All codes far away but one: every position is encoded to that. */
  private void collapse() {
    int size = tokenizer.config().codeSize();
    float[] codes = new float[tokenizer.config().vocabulary() * size];
    Arrays.fill(codes, size, codes.length, 1000);
    try (PointerScope _ = new PointerScope()) {
      tokenizer.setCodes(Tensors.of(Compute.CPU, codes, tokenizer.config().vocabulary(), size));
    }
  }

  @Test
  void unusedCodesMoveToWhatIsEncodedAndUsedOnesStay() {
    collapse();
    assertThat(used()).containsExactly(0L);
    float[] before = codes();

    int moved = new CodeRevival(tokenizer, frames, 5).revive(NUMBERS, new RandomStream(1));

    int vocabulary = tokenizer.config().vocabulary();
    int size = tokenizer.config().codeSize();
    float[] after = codes();
    assertThat(moved).isEqualTo(vocabulary - 1);
    assertThat(Arrays.copyOf(after, size)).containsExactly(Arrays.copyOf(before, size));
    float[] encoded; // (frames, positions, size)
    try (PointerScope _ = new PointerScope()) {
      encoded =
          Tensors.floats(
              Tensors.noGrad(() ->
                  tokenizer.encode(frames.frames(NUMBERS)).z().permute(0, 2, 3, 1).contiguous()));
    }
    for (int code = 1; code < vocabulary; code++) {
      assertThat(distance(after, code * size, encoded, size)).isLessThan(1e-4);
    }
    assertThat(used().size()).isGreaterThan(10);
  }

  private static double distance(float[] codes, int at, float[] encoded, int size) {
    double least = Double.POSITIVE_INFINITY;
    for (int from = 0; from < encoded.length; from += size) {
      double sum = 0;
      for (int i = 0; i < size; i++) {
        sum += Math.pow((double) codes[at + i] - encoded[from + i], 2);
      }
      least = Math.min(least, sum);
    }
    return least;
  }

  @Test
  void theSameStreamMovesThemToTheSamePlaces() {
    collapse();
    new CodeRevival(tokenizer, frames, 5).revive(NUMBERS, new RandomStream(1));
    float[] first = codes();
    collapse();
    new CodeRevival(tokenizer, frames, 8).revive(NUMBERS, new RandomStream(1));

    assertThat(codes()).containsExactly(first);
  }

  @Test
  void theLearnerRevivesEveryThirdUpdateHere() {
    collapse();
    try (TokenizerLearner learner =
        new TokenizerLearner(
            config,
            networks,
            team,
            new SegmentSampler(replay),
            frames,
            ReconstructionLoss.delta())) {
      for (long update = 1; update <= 3; update++) {
        boolean revived = update % 3 == 0;
        try (PointerScope _ = new PointerScope()) {
          learner.prepare(learner.draw(new RandomStream(update)), update);
        }
        assertThat(used().size() > 1).as("update %d", update).isEqualTo(revived);
      }
    }
  }
}
