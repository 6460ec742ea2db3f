package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Pixels;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.ReplayEpisode;

class CollectorTest {
  private static final int ACTIONS = 3;
  private static final String[] GREEDY = {
    "env", "umwelt/Catch-v0?balls=1", "collect.epsilon", "0", "collect.temperature", "0.001"
  };

  private final WorkerTeam team = new WorkerTeam(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    team.close();
  }

  /** A collector with all it needs. */
  private final class Player {
    final IrisConfig config;
    final IrisNetworks networks;
    final ReplayBuffer replay = new ReplayBuffer(new FrameShape(64, 64, 3), 0);
    final FrameEncodings frames;
    final Collector collector;

    Player(String... settings) {
      config = SmallAgents.config(settings);
      networks = SmallAgents.decided(config, ACTIONS);
      frames =
          new FrameEncodings(
              replay, networks.world().tokenizer(), Compute.CPU, team, 8, true, 1000);
      collector = new Collector(config, networks, replay, frames);
      open.addAll(List.of(replay, networks, frames, collector));
    }

    /** Makes all actions equally good after the first frame, so that what is seen later decides. */
    void balanceActions() {
      try (Environment environment = IrisEnvironments.make(config.environment());
          PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Step step = Step.allocate(environment);
        environment.reset(Reset.seeded(config.seed()), step);
        Tensor frame =
            Pixels.tensor(
                Compute.CPU, 1, 64, 64, memory -> memory.copyFrom(step.observation().tensor()));
        ActorCritic policy = networks.actorCritic();
        Tensor seen = decoded(networks.world().tokenizer(), frame);
        ActorCritic.Output output = policy.forward(seen, policy.start(1));
        for (int again = 0; again < 5; again++) {
          output = policy.forward(seen, output.state());
        }
        Objects.requireNonNull(
                networks.actorCriticParameters().named().get("actor_critic.actor_linear.bias"))
            .sub_(output.logits().select(0, 0));
      }
    }

    List<Double> collect(int steps) {
      return collector.collect(steps, new QuietLog());
    }

    List<Integer> actions() {
      List<Integer> all = new ArrayList<>();
      for (ReplayEpisode episode : replay.episodes()) {
        for (int t = 0; t < episode.length(); t++) {
          all.add(episode.action(t));
        }
      }
      return all;
    }
  }

  @Test
  void episodesAreCutAtEndsAndReturnsAreTheirs() {
    Player player = new Player("env", "umwelt/Catch-v0?balls=1");
    List<Double> returns = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      returns.addAll(player.collect(50));
      assertThat(player.replay.steps()).isEqualTo(50L * (epoch + 1));
    }
    List<ReplayEpisode> episodes = player.replay.episodes();
    assertThat(episodes).hasSizeGreaterThan(2);
    int finished = 0;
    for (ReplayEpisode episode : episodes) {
      double sum = 0;
      for (int t = 0; t < episode.length(); t++) {
        sum += episode.reward(t);
        assertThat(episode.end(t)).isEqualTo(t == episode.length() - 1 && episode.ended());
      }
      if (episode.ended()) {
        assertThat(returns.get(finished)).isEqualTo(sum);
        finished++;
      } else {
        assertThat(episode).isSameAs(episodes.getLast());
      }
    }
    assertThat(returns).hasSize(finished);
  }

  /**
   * The actions are those of the policy that sees the reconstruction of each stored frame and
   * remembers all of the epoch, and before that the last frames of the running episode.
   */
  @Test
  void memoryIsRebuiltAtTheStartOfAnEpochAndLostAtAnEnd() {
    Player player = new Player(GREEDY);
    player.balanceActions();
    List<Long> starts = new ArrayList<>();
    for (int steps : new int[] {1, 10, 30, 2, 25}) {
      starts.add(player.replay.endFrame());
      player.collect(steps);
    }
    Tokenizer tokenizer = player.networks.world().tokenizer();
    ActorCritic policy = player.networks.actorCritic();
    int seen = player.config.burnIn();
    List<Integer> expected = new ArrayList<>();
    int rebuilt = 0;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      LstmCell.State state = policy.start(1);
      for (ReplayEpisode episode : player.replay.episodes()) {
        state = policy.start(1);
        for (int t = 0; t < episode.length(); t++) {
          if (starts.contains(episode.frame(t))) {
            state = policy.start(1);
            for (int s = Math.max(0, t - seen); s < t; s++) {
              Tensor frame = player.frames.frames(episode.frame(s));
              state = policy.forward(decoded(tokenizer, frame), state).state();
            }
            rebuilt += t > seen ? 1 : 0;
          }
          Tensor frame = player.frames.frames(episode.frame(t));
          ActorCritic.Output output = policy.forward(decoded(tokenizer, frame), state);
          state = output.state();
          RandomStream[] unused = {new RandomStream(0)};
          Tensor action = Sampler.greedy().choose(output.logits(), unused);
          expected.add((int) Tensors.longs(action)[0]);
        }
      }
    }
    assertThat(rebuilt).isPositive();
    assertThat(player.replay.episodes()).hasSizeGreaterThan(1);
    assertThat(expected).hasSize(68).containsAnyOf(0, 1, 2);
    assertThat(expected.stream().distinct().count()).isGreaterThan(1); // the policy does look
    assertThat(player.actions()).isEqualTo(expected);
  }

  private static Tensor decoded(Tokenizer tokenizer, Tensor frame) {
    return tokenizer.decodeTokens(tokenizer.tokens(frame));
  }

  @Test
  void epsilonReplacesActionsByUniformOnes() {
    int n = 300;
    Player always = new Player("collect.epsilon", "1", "collect.temperature", "0.001");
    always.collect(n);
    double error = Math.sqrt(n * (1.0 / 3) * (2.0 / 3));
    for (int action = 0; action < ACTIONS; action++) {
      int wanted = action;
      assertThat((double) always.actions().stream().filter(a -> a == wanted).count())
          .isBetween(n / 3.0 - 4 * error, n / 3.0 + 4 * error);
    }
  }

  @Test
  void collectingIsAFunctionOfTheSeed() {
    Player one = new Player("seed", "3");
    Player same = new Player("seed", "3");
    Player other = new Player("seed", "4");
    one.collect(60);
    same.collect(60);
    other.collect(60);
    assertThat(same.actions()).isEqualTo(one.actions());
    assertThat(other.actions()).isNotEqualTo(one.actions());
  }

  @Test
  void savedCollectorGoesOnExactly() throws IOException {
    Player whole = new Player();
    Player resumed = new Player();
    whole.collect(33);
    resumed.collect(33);
    ByteArrayOutputStream state = new ByteArrayOutputStream();
    whole.collector.writeState(new DataOutputStream(state));
    try (Collector second =
        new Collector(resumed.config, resumed.networks, resumed.replay, resumed.frames)) {
      assertThat(
              second.readState(new DataInputStream(new ByteArrayInputStream(state.toByteArray()))))
          .isTrue();
      assertThat(second.collect(80, new QuietLog())).isEqualTo(whole.collect(80));
    }
    assertThat(resumed.actions()).isEqualTo(whole.actions());
    for (long frame = 0; frame < whole.replay.endFrame(); frame++) {
      assertThat(resumed.replay.frame(frame).mismatch(whole.replay.frame(frame))).isEqualTo(-1);
    }
  }
}
