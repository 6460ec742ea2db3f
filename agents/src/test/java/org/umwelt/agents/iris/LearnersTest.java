package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.iris.WorldModel;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.SegmentSampler;
import org.umwelt.worldmodel.replay.Segments;

/** The shards of each learner add up to its loss over the whole batch, computed at once here. */
class LearnersTest {
  private static final int ACTIONS = 3;

  private final WorkerTeam team = new WorkerTeam(2);
  private final ReplayBuffer replay = new ReplayBuffer(new FrameShape(64, 64, 3), 0);
  private final SegmentSampler sampler = new SegmentSampler(replay);
  private final RandomStream random = new RandomStream(12);

  LearnersTest() {
    byte[] frame = new byte[64 * 64 * 3];
    for (int t = 0; t < 14; t++) {
      random.nextBytes(frame);
      Arrays.fill(frame, 0, random.nextInt(frame.length), (byte) random.nextInt());
      replay.append(frame, random.nextInt(ACTIONS), random.nextInt(3) - 1, t % 6 == 5);
    }
  }

  @AfterEach
  void close() {
    replay.close();
    team.close();
  }

  /** A learner's networks and the encodings of their frames. */
  private record Setup(IrisConfig config, IrisNetworks networks, FrameEncodings frames)
      implements AutoCloseable {
    Setup(LearnersTest test, String... settings) {
      this(test, SmallAgents.config(settings));
    }

    private Setup(LearnersTest test, IrisConfig config) {
      this(test, config, SmallAgents.networks(config, ACTIONS));
    }

    private Setup(LearnersTest test, IrisConfig config, IrisNetworks networks) {
      this(
          config,
          networks,
          new FrameEncodings(
              test.replay, networks.world().tokenizer(), Compute.CPU, test.team, 8, true, 100));
    }

    @Override
    public void close() {
      frames.close();
      networks.close();
    }
  }

  /** Compares terms and gradients with those of a learner. */
  private static void assertSame(
      SequencedMap<String, Double> found,
      Parameters learned,
      Map<String, Tensor> expected,
      double tolerance) {
    float[] gradients = Tensors.floats(learned.gradients());
    learned.zeroGradients();
    Tensor loss = expected.values().stream().reduce(Tensor::add).orElseThrow();
    loss.backward();
    float[] whole = Tensors.floats(learned.gradients());
    expected.forEach((name, term) ->
        assertThat(found.get(name)).as(name).isCloseTo(Tensors.number(term), within(1e-5)));
    assertThat(found.get("loss")).isCloseTo(Tensors.number(loss), within(1e-5));
    double squares = 0;
    double difference = 0;
    for (int i = 0; i < whole.length; i++) {
      squares += (double) whole[i] * whole[i];
      difference += Math.pow((double) whole[i] - gradients[i], 2);
    }
    assertThat(squares).isPositive();
    assertThat(Math.sqrt(difference / squares)).isLessThan(tolerance);
  }

  @Test
  void tokenizer() {
    try (Setup setup = new Setup(this, "frames_per_pass", "3");
        PointerScope _ = new PointerScope()) {
      Tokenizer model = setup.networks().world().tokenizer();
      Parameters learned = setup.networks().world().tokenizerParameters();
      try (TokenizerLearner learner =
          new TokenizerLearner(
              setup.config(),
              setup.networks(),
              team,
              sampler,
              setup.frames(),
              ReconstructionLoss.delta())) {
        Segments batch = learner.draw(random);
        assertThat(batch.count()).isEqualTo(8);
        assertThat(batch.length()).isEqualTo(1);
        var found = learner.gradients(batch, 0);
        Tensor frames = setup.frames().frames(batch.frames());
        Tokenizer.Pass pass = model.train(frames);
        var expected = ReconstructionLoss.delta().terms(frames, pass.reconstruction(), null);
        expected.put("codebook", pass.codebook());
        double beta = setup.config().commitment();
        expected.put("commitment", Tensors.scale(pass.commitment(), beta));
        assertSame(found, learned, expected, 1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void worldModel(boolean zeroRewards) {
    String zero = Boolean.toString(zeroRewards);
    try (Setup setup =
            new Setup(this, "world_model.dropout", "0", "world_model.zero_rewards", zero);
        PointerScope _ = new PointerScope()) {
      WorldModel model = setup.networks().world().worldModel();
      Parameters learned = setup.networks().world().worldModelParameters();
      try (WorldModelLearner learner =
          new WorldModelLearner(setup.config(), setup.networks(), team, sampler, setup.frames())) {
        Segments batch = learner.draw(random);
        assertThat(batch.count()).isEqualTo(6); // two shards of 4 and 2 rows
        assertThat(batch.mask()).contains(true, false);
        var found = learner.gradients(batch, 0);
        long b = batch.count();
        long l = batch.length();
        int size = batch.actions().length;
        long[] valid = new long[size];
        long[] ends = new long[size];
        float[] rewards = new float[size];
        for (int i = 0; i < size; i++) {
          valid[i] = batch.mask()[i] ? 1 : 0;
          ends[i] = batch.ends()[i] ? 1 : 0;
          rewards[i] = zeroRewards ? 0 : batch.rewards()[i];
        }
        WorldModel.Losses sums =
            model.losses(
                setup.frames().tokens(batch.frames()).view(b, l, 16),
                Tensors.of(
                    Compute.CPU, Arrays.stream(batch.actions()).asLongStream().toArray(), b, l),
                Tensors.of(Compute.CPU, rewards, b, l),
                Tensors.of(Compute.CPU, ends, b, l),
                Tensors.of(Compute.CPU, valid, b, l),
                null);
        long steps = Arrays.stream(valid).sum();
        Map<String, Tensor> expected =
            Map.of(
                "observations",
                Tensors.scale(sums.observations(), 1.0 / (16 * steps - b)),
                "rewards",
                Tensors.scale(sums.rewards(), 1.0 / steps),
                "ends",
                Tensors.scale(sums.ends(), 1.0 / steps));
        assertSame(found, learned, expected, 1e-4);
      }
    }
  }

  /** Returns the weights of the three components after an update of each, by component. */
  private List<float[]> updated(String... settings) {
    try (Setup setup = new Setup(this, settings);
        PointerScope _ = new PointerScope()) {
      IrisNetworks networks = setup.networks();
      try (TokenizerLearner tokenizer =
              new TokenizerLearner(
                  setup.config(),
                  networks,
                  team,
                  sampler,
                  setup.frames(),
                  ReconstructionLoss.delta());
          WorldModelLearner worldModel =
              new WorldModelLearner(setup.config(), networks, team, sampler, setup.frames());
          ActorCriticLearner actorCritic =
              new ActorCriticLearner(setup.config(), networks, team, sampler, setup.frames())) {
        // From the last on, so that no component learns from one that has learned.
        for (Learner<?> learner : List.of(actorCritic, worldModel, tokenizer)) {
          learner.update(Path.of("unused"));
        }
      }
      return List.of(
          Tensors.floats(networks.world().tokenizerParameters().values()),
          Tensors.floats(networks.world().worldModelParameters().values()),
          Tensors.floats(networks.actorCriticParameters().values()));
    }
  }

  /** AdamW takes rate * decay * weight more off what decays: the linear layers of one component. */
  @Test
  void onlyTheWorldModelDecays() {
    double decay = 0.5;
    double rate = 0.01;
    String[] settings = {"world_model.weight_decay", "0", "learning_rate", Double.toString(rate)};
    List<float[]> plain = updated(settings);
    settings[1] = Double.toString(decay);
    List<float[]> decayed = updated(settings);
    assertThat(decayed.get(0)).containsExactly(plain.get(0));
    assertThat(decayed.get(2)).containsExactly(plain.get(2));
    try (Setup setup = new Setup(this, settings);
        PointerScope _ = new PointerScope()) {
      Parameters model = setup.networks().world().worldModelParameters();
      float[] before = Tensors.floats(model.values());
      for (int i = 0; i < before.length; i++) {
        double expected = i < model.decaying() ? rate * decay * before[i] : 0;
        assertThat((double) plain.get(1)[i] - decayed.get(1)[i]).isCloseTo(expected, within(1e-7));
      }
    }
  }

  /** Burn-in sees reconstructions, left-padded; imagination starts at the last frame. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void actorCritic(int burnIn) {
    try (Setup setup = new Setup(this, "actor_critic.burn_in", Integer.toString(burnIn));
        PointerScope _ = new PointerScope()) {
      IrisNetworks networks = setup.networks();
      Tokenizer tokenizer = networks.world().tokenizer();
      ActorCritic policy = networks.actorCritic();
      try (ActorCriticLearner learner =
          new ActorCriticLearner(setup.config(), networks, team, sampler, setup.frames())) {
        Segments batch = learner.draw(random);
        int rows = batch.count();
        int length = batch.length();
        assertThat(length).isEqualTo(burnIn + 1);
        var found = learner.gradients(batch, 7);
        RandomStream[] streams = new RandomStream[rows];
        Arrays.setAll(streams, row -> learner.random(7, row));
        List<Tensor> hidden = new ArrayList<>();
        List<Tensor> cell = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
          LstmCell.State state = policy.start(1);
          for (int t = 0; t < burnIn; t++) {
            if (batch.mask()[row * length + t]) {
              Tensor frame = setup.frames().frames(batch.frames()[row * length + t]);
              Tensor seen = tokenizer.decodeTokens(tokenizer.tokens(frame));
              state = policy.forward(seen, state).state();
            }
          }
          hidden.add(state.hidden().detach());
          cell.add(state.cell().detach());
        }
        long[] starts = new long[rows];
        Arrays.setAll(starts, row -> batch.frames()[row * length + burnIn]);
        try (Imagination imagination =
            new Imagination(
                tokenizer, networks.world().worldModel(), Sampler.categorical(), streams)) {
          imagination.reset(setup.frames().tokens(starts));
          ImaginedRollout rollout =
              ImaginedRollout.play(
                  policy,
                  new LstmCell.State(Tensors.cat(hidden, 0), Tensors.cat(cell, 0)),
                  imagination,
                  setup.config().horizon(),
                  Sampler.categorical(),
                  streams);
          assertSame(
              found, networks.actorCriticParameters(), rollout.losses(0.995, 0.95, 0.001), 1e-3);
        }
        assertThat(Tensors.number(networks.world().tokenizerParameters().gradients().abs().max()))
            .isZero();
      }
    }
  }
}
