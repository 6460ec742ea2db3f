package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class WorldModelTest {
  private static final int B = 2;
  private static final int L = 4;
  private static final int K = SmallWorlds.K;
  private static final int V = SmallWorlds.VOCABULARY;
  private static IrisWorld world;
  private static WorldModel model;

  @BeforeAll
  static void build() {
    world = SmallWorlds.formula(SmallWorlds.sizes(20));
    model = world.worldModel();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static Tensor sequence() {
    return SmallWorlds.sequence(3, B, L, V, SmallWorlds.ACTIONS);
  }

  private static Tensor forward(Tensor tokens) {
    return Tensors.noGrad(() -> model.forward(tokens, null, null));
  }

  @Test
  void causalMaskHidesWhatIsAhead() {
    try (PointerScope _ = new PointerScope()) {
      Tensor like = Tensors.zeros(Compute.CPU, 1);
      float[] square = Tensors.floats(Objects.requireNonNull(Transformer.causalMask(like, 340, 0)));
      int open = 0;
      for (int i = 0; i < 340; i++) {
        for (int j = 0; j < 340; j++) {
          assertThat(square[i * 340 + j]).isEqualTo(j <= i ? 0 : Float.NEGATIVE_INFINITY);
          open += square[i * 340 + j] == 0 ? 1 : 0;
        }
      }
      assertThat(open).isEqualTo(57_970);
      float[] behind = Tensors.floats(Objects.requireNonNull(Transformer.causalMask(like, 2, 3)));
      float no = Float.NEGATIVE_INFINITY;
      assertThat(behind).containsExactly(0, 0, 0, 0, no, 0, 0, 0, 0, 0);
      assertThat(Transformer.causalMask(like, 1, 3)).isNull();
    }
  }

  @Test
  void outputDependsOnWhatCameBeforeAndOnNothingElse() {
    try (PointerScope _ = new PointerScope()) {
      Tensor tokens = sequence();
      long count = tokens.size(1);
      Tensor before = forward(tokens);
      for (int changed : new int[] {0, 15, 16, 17, 40, 67}) {
        Tensor other = tokens.clone();
        Tensor place = other.select(1, changed);
        place.copy_(place.add(new Scalar(1)).remainder(new Scalar(SmallWorlds.ACTIONS)));
        Tensor differs = forward(other).sub(before).abs().amax(new long[] {0, 2}, false);
        float[] difference = Tensors.floats(differs);
        for (int t = 0; t < count; t++) {
          if (t < changed) {
            assertThat(difference[t]).as("%d before %d", t, changed).isZero();
          } else {
            assertThat(difference[t]).as("%d behind %d", t, changed).isGreaterThan(1e-4f);
          }
        }
      }
    }
  }

  private static long[] positions(long[] rows, int before) {
    return Arrays.stream(rows).map(row -> row + before).toArray();
  }

  @Test
  void headsAnswerAtTheirPositionsOfABlock() {
    assertThat(model.observationRows(0, 34))
        .containsExactly(LongStream.range(0, 34).filter(i -> i != 15 && i != 32).toArray());
    assertThat(model.actionRows(0, 34)).containsExactly(16, 33);
    assertThat(model.observationRows(0, 16)).hasSize(15);
    assertThat(model.actionRows(0, 16)).isEmpty();
    assertThat(model.observationRows(16, 1)).containsExactly(0);
    assertThat(model.actionRows(16, 1)).containsExactly(0);
    assertThat(model.observationRows(15, 1)).isEmpty();
    for (int token = 0; token < 340; token++) {
      assertThat(model.observationRows(token, 1)).hasSize(token % 17 == 15 ? 0 : 1);
      assertThat(model.actionRows(token, 1)).hasSize(token % 17 == 16 ? 1 : 0);
    }
    assertThat(positions(model.observationRows(10, 30), 10))
        .containsExactly(LongStream.range(10, 40).filter(i -> i % 17 != 15).toArray());
  }

  @Test
  void predictionIsWhatEachHeadSaysAtItsPositions() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor output = forward(sequence());
      WorldModel.Prediction prediction = model.predict(sequence(), null);
      assertThat(Tensors.shape(prediction.observations()))
          .containsExactly((long) B, (long) L * K, (long) V);
      int row = 0;
      for (int t = 0; t < L * (K + 1); t++) {
        Tensor at = output.narrow(1, t, 1);
        if (t % 17 != 15) {
          assertClose(
              prediction.observations().narrow(1, row, 1), model.observationLogits(at), 1e-5);
          row++;
        }
        if (t % 17 == 16) {
          assertClose(prediction.rewards().narrow(1, t / 17, 1), model.rewardLogits(at), 1e-5);
          assertClose(prediction.ends().narrow(1, t / 17, 1), model.endLogits(at), 1e-5);
        }
      }
    }
  }

  private static void assertClose(Tensor found, Tensor expected, double tolerance) {
    assertThat(Tensors.shape(found)).isEqualTo(Tensors.shape(expected));
    assertThat(Tensors.number(found.sub(expected).abs().max())).isLessThan(tolerance);
  }

  /** Feeds a sequence in pieces of these sizes, in turn, until it is used up. */
  static Tensor inPieces(WorldModel model, Tensor tokens, int... sizes) {
    List<Tensor> outputs = new ArrayList<>();
    try (NoGradGuard _ = new NoGradGuard();
        KeyValueCache cache = model.cache((int) tokens.size(0))) {
      int at = 0;
      for (int i = 0; at < tokens.size(1); i++) {
        int size = (int) Math.min(sizes[i % sizes.length], tokens.size(1) - at);
        outputs.add(model.forward(tokens.narrow(1, at, size), cache, null));
        at += size;
        assertThat(cache.length()).isEqualTo(at);
      }
      return Tensors.cat(outputs, 1);
    }
  }

  @Test
  void cacheContinuesTheSequenceWhateverThePieces() {
    try (PointerScope _ = new PointerScope()) {
      Tensor tokens = SmallWorlds.sequence(5, B, 20, V, SmallWorlds.ACTIONS);
      Tensor whole = forward(tokens);
      for (int[] sizes :
          new int[][] {{1}, {2}, {17}, {16, 1}, {16, 2, 15}, {5, 3, 40, 1, 7}, {339, 1}, {340}}) {
        assertClose(inPieces(model, tokens, sizes), whole, 1e-5);
      }
      assertThat(model.cacheDifference(tokens)).isLessThan(1e-5);
    }
  }

  @Test
  void positionsGoOnBehindTheCache() {
    try (PointerScope _ = new PointerScope();
        KeyValueCache cache = model.cache(1)) {
      // The same token twice: only its position tells the second from the first.
      Tensor token = Tensors.of(Compute.CPU, new long[] {4}, 1, 1);
      Tensor pair = Tensors.of(Compute.CPU, new long[] {4, 4}, 1, 2);
      Tensor whole = forward(pair);
      Tensor first = Tensors.noGrad(() -> model.forward(token, cache, null));
      Tensor second = Tensors.noGrad(() -> model.forward(token, cache, null));
      assertClose(first, whole.narrow(1, 0, 1), 1e-5);
      assertClose(second, whole.narrow(1, 1, 1), 1e-5);
      assertThat(Tensors.number(second.sub(first).abs().max())).isGreaterThan(1e-2);
    }
  }

  @Test
  void longerSequenceThanThereArePositionsIsRefused() {
    try (PointerScope _ = new PointerScope();
        KeyValueCache cache = model.cache(1)) {
      Tensor tokens = SmallWorlds.sequence(5, 1, 20, V, SmallWorlds.ACTIONS);
      Tensors.noGrad(() -> model.forward(tokens, cache, null));
      assertThatThrownBy(() -> model.forward(tokens.narrow(1, 0, 1), cache, null))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("expected at most 340 tokens, got 341");
      cache.clear();
      assertThat(cache.length()).isZero();
      Tensors.noGrad(() -> model.forward(tokens.narrow(1, 0, 1), cache, null));
    }
  }

  /** A batch with padding at the end of its second row. */
  private record Batch(
      long[] tokens, long[] actions, float[] rewards, long[] ends, boolean[] mask) {
    static Batch example() {
      boolean[] mask = new boolean[B * L];
      Arrays.fill(mask, true);
      mask[2 * L - 1] = false;
      mask[2 * L - 2] = false;
      return new Batch(
          SmallWorlds.numbers(8, B * L * K, V),
          SmallWorlds.numbers(9, B * L, SmallWorlds.ACTIONS),
          new float[] {2.5f, 0, -3, 1, 0, -0.1f, 0, 0},
          new long[] {0, 0, 0, 1, 0, 1, 0, 0},
          mask);
    }

    WorldModel.Losses losses() {
      long[] valid = new long[mask.length];
      for (int i = 0; i < valid.length; i++) {
        valid[i] = mask[i] ? 1 : 0;
      }
      return model.losses(
          Tensors.of(Compute.CPU, tokens, B, L, K),
          Tensors.of(Compute.CPU, actions, B, L),
          Tensors.of(Compute.CPU, rewards, B, L),
          Tensors.of(Compute.CPU, ends, B, L),
          Tensors.of(Compute.CPU, valid, B, L),
          null);
    }

    double[] numbers() {
      try (PointerScope _ = new PointerScope()) {
        WorldModel.Losses losses = losses();
        return new double[] {
          Tensors.number(losses.observations()),
          Tensors.number(losses.rewards()),
          Tensors.number(losses.ends())
        };
      }
    }
  }

  @Test
  void lossesAreThoseOfPlainJava() {
    Batch batch = Batch.example();
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor frames = Tensors.of(Compute.CPU, batch.tokens(), B, L, K);
      Tensor acted = Tensors.of(Compute.CPU, batch.actions(), B, L).unsqueeze(-1);
      Tensor output = forward(Tensors.cat(List.of(frames, acted), 2).view(B, -1));
      float[] tokens = Tensors.floats(torch.log_softmax(model.observationLogits(output), 2));
      float[] rewards = Tensors.floats(torch.log_softmax(model.rewardLogits(output), 2));
      float[] ends = Tensors.floats(torch.log_softmax(model.endLogits(output), 2));
      double[] expected = new double[3];
      int labels = 0;
      for (int row = 0; row < B; row++) {
        for (int t = 0; t < L; t++) {
          if (!batch.mask()[row * L + t]) {
            continue;
          }
          for (int k = 0; k < K; k++) {
            // Token k of frame t is said by the token before it, which for the first is the action.
            int by = t * (K + 1) + k - 1;
            if (by >= 0) {
              long label = batch.tokens()[(row * L + t) * K + k];
              expected[0] -= tokens[(row * L * (K + 1) + by) * V + (int) label];
              labels++;
            }
          }
          int action = row * L * (K + 1) + t * (K + 1) + K;
          int reward = (int) Math.signum(batch.rewards()[row * L + t]) + 1;
          expected[1] -= rewards[action * 3 + reward];
          expected[2] -= ends[action * 2 + (int) batch.ends()[row * L + t]];
        }
      }
      double[] found = batch.numbers();
      for (int i = 0; i < 3; i++) {
        assertThat(found[i]).isCloseTo(expected[i], within(1e-5 * expected[i]));
      }
      WorldModel.LabelCounts counts = WorldModel.labels(batch.mask(), L, K);
      assertThat(counts).isEqualTo(new WorldModel.LabelCounts(labels, 6));
      assertThat(labels).isEqualTo(6 * K - 2);
    }
  }

  @Test
  void labelsOfPaddedStepsDoNotCount() {
    Batch batch = Batch.example();
    double[] before = batch.numbers();
    for (int padded = 2 * L - 2; padded < 2 * L; padded++) {
      batch.rewards()[padded] = 1;
      batch.ends()[padded] = 1;
    }
    assertThat(batch.numbers()).containsExactly(before);
    batch.mask()[2 * L - 2] = true;
    double[] after = batch.numbers();
    for (int i = 0; i < 3; i++) {
      assertThat(after[i]).isGreaterThan(before[i]);
    }
  }

  @Test
  void lastFrameOfASegmentIsPredictedButNothingBehindIt() {
    Batch batch = Batch.example();
    double[] before = batch.numbers();
    batch.actions()[L - 1] = (batch.actions()[L - 1] + 1) % SmallWorlds.ACTIONS;
    double[] after = batch.numbers();
    assertThat(after[0]).isEqualTo(before[0]); // the last action speaks of a frame outside
    assertThat(after[1]).isNotEqualTo(before[1]);
    batch.tokens()[(L - 1) * K + K - 1] ^= 1;
    assertThat(batch.numbers()[0]).isNotEqualTo(before[0]);
  }

  @Test
  void rewardsCountByTheirSign() {
    Batch batch = Batch.example();
    double[] before = batch.numbers();
    batch.rewards()[0] = 1;
    batch.rewards()[2] = -1;
    batch.rewards()[5] = -100;
    assertThat(batch.numbers()).containsExactly(before);
    batch.rewards()[0] = 0;
    assertThat(batch.numbers()[1]).isNotEqualTo(before[1]);
  }

  @Test
  void labelsAreCountedPerStepAndWithoutTheFirstToken() {
    boolean[] mask = {true, true, true, true, false, false};
    assertThat(WorldModel.labels(mask, 3, 16)).isEqualTo(new WorldModel.LabelCounts(62, 4));
    assertThat(WorldModel.labels(new boolean[6], 3, 16))
        .isEqualTo(new WorldModel.LabelCounts(0, 0));
    boolean[] whole = new boolean[20];
    Arrays.fill(whole, true);
    assertThat(WorldModel.labels(whole, 20, 16)).isEqualTo(new WorldModel.LabelCounts(319, 20));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void freshModelKnowsNothing(int seed) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        Parameters parameters = Parameters.fresh(Compute.CPU, seed)) {
      WorldModel fresh = SmallWorlds.sizes(20).worldModel(parameters);
      WorldModel.Prediction prediction = fresh.predict(sequence(), null);
      for (Tensor logits :
          List.of(prediction.observations(), prediction.rewards(), prediction.ends())) {
        double classes = logits.size(2);
        Tensor logarithms = torch.log_softmax(logits, 2);
        double entropy = -Tensors.number(logarithms.exp().mul(logarithms).sum(2).mean());
        assertThat(entropy).isCloseTo(Math.log(classes), within(0.01));
      }
    }
  }

  @Test
  void dropoutDropsOnlyWhereItIsGiven() {
    try (PointerScope _ = new PointerScope()) {
      Tensor tokens = sequence();
      Tensor plain = forward(tokens);
      assertClose(forward(tokens), plain, 1e-30);
      Tensor dropped =
          Tensors.noGrad(() -> model.forward(tokens, null, new Dropout(Compute.CPU, 1)));
      Tensor same = Tensors.noGrad(() -> model.forward(tokens, null, new Dropout(Compute.CPU, 1)));
      assertThat(Tensors.floats(same)).containsExactly(Tensors.floats(dropped));
      assertThat(Tensors.number(dropped.sub(plain).abs().mean())).isGreaterThan(1e-2);
    }
  }

  @Test
  void positionsBehindTheSequenceGetNoGradient() {
    try (PointerScope _ = new PointerScope()) {
      Parameters parameters = world.worldModelParameters();
      parameters.zeroGradients();
      WorldModel.Losses losses = Batch.example().losses();
      losses.observations().add(losses.rewards()).add(losses.ends()).backward();
      Tensor gradient =
          Objects.requireNonNull(
              parameters.split(parameters.gradients()).get("world_model.pos_emb.weight"));
      float[] rows = Tensors.floats(gradient.abs().amax(new long[] {1}, false));
      int length = L * (K + 1);
      assertThat(IntStream.range(0, length).filter(t -> rows[t] == 0)).isEmpty();
      assertThat(IntStream.range(length, 340).filter(t -> rows[t] != 0)).isEmpty();
    }
  }

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() {
    assertThatThrownBy(() -> new WorldModelConfig(20, 2, 3, 64, 0.1))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("world model: expected heads that divide width 64, got 3");
  }
}
