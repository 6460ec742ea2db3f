package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Tokenizer;

class ActorCriticTest {
  private static final int ACTIONS = 3;
  private static IrisNetworks networks;

  @BeforeAll
  static void build() {
    networks = SmallAgents.decided(SmallAgents.config(), ACTIONS);
  }

  @AfterAll
  static void close() {
    networks.close();
  }

  @ParameterizedTest
  @CsvSource({"4, 3217957", "6, 3218983", "18, 3225139"})
  void namesShapesAndCountsAreThoseOfAPublishedCheckpoint(int actions, long count) {
    try (Parameters parameters = Parameters.fresh(Compute.CPU, 0)) {
      new ActorCritic(parameters.in("actor_critic"), 64, 512, actions);
      assertThat(parameters.count()).isEqualTo(count);
      Map<String, List<Long>> shapes = new TreeMap<>();
      parameters.named().forEach((name, tensor) -> shapes.put(name, Tensors.shape(tensor)));
      Map<String, List<Long>> expected = new TreeMap<>();
      long[] widths = {3, 32, 32, 64, 64};
      for (int i = 1; i <= 4; i++) {
        String conv = "actor_critic.conv" + i;
        expected.put(conv + ".weight", List.of(widths[i], widths[i - 1], 3L, 3L));
        expected.put(conv + ".bias", List.of(widths[i]));
      }
      expected.put("actor_critic.lstm.weight_ih", List.of(2048L, 1024L));
      expected.put("actor_critic.lstm.weight_hh", List.of(2048L, 512L));
      expected.put("actor_critic.lstm.bias_ih", List.of(2048L));
      expected.put("actor_critic.lstm.bias_hh", List.of(2048L));
      expected.put("actor_critic.actor_linear.weight", List.of((long) actions, 512L));
      expected.put("actor_critic.actor_linear.bias", List.of((long) actions));
      expected.put("actor_critic.critic_linear.weight", List.of(1L, 512L));
      expected.put("actor_critic.critic_linear.bias", List.of(1L));
      assertThat(shapes).hasSize(16).isEqualTo(expected);
    }
  }

  @Test
  void burnInIsOneStepAfterTheOtherOfTheRowsThatAreThere() {
    int rows = 4;
    int steps = 3;
    boolean[] mask = {
      true, true, true, //
      false, true, true, //
      false, false, true, //
      false, false, false
    };
    try (IrisNetworks fresh = SmallAgents.networks(SmallAgents.config(), ACTIONS);
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      ActorCritic policy = fresh.actorCritic();
      Tensor frames = SmallAgents.frames(1, rows * steps).view(rows, steps, 3, 64, 64);
      LstmCell.State found = policy.burnIn(frames, mask);
      for (int row = 0; row < rows; row++) {
        LstmCell.State expected = policy.start(1);
        for (int t = 0; t < steps; t++) {
          if (mask[row * steps + t]) {
            Tensor frame = frames.select(0, row).narrow(0, t, 1);
            expected = policy.forward(frame, expected).state();
          }
        }
        assertClose(found.hidden().narrow(0, row, 1), expected.hidden());
        assertClose(found.cell().narrow(0, row, 1), expected.cell());
      }
      assertThat(Tensors.floats(found.hidden().select(0, 3))).containsOnly(0);
      assertThat(Tensors.floats(found.cell().select(0, 3))).containsOnly(0);
    }
  }

  private static void assertClose(Tensor found, Tensor expected) {
    assertThat(Tensors.number(found.sub(expected).abs().max())).isLessThan(1e-5);
  }

  @Test
  void burnInWithNothingToSeeIsTheStartAndRecordsNothing() {
    ActorCritic policy = networks.actorCritic();
    try (PointerScope _ = new PointerScope()) {
      Tensor frames = SmallAgents.frames(1, 4).view(2, 2, 3, 64, 64);
      LstmCell.State nothing = policy.burnIn(frames, new boolean[4]);
      assertThat(Tensors.floats(nothing.hidden())).hasSize(128).containsOnly(0);
      LstmCell.State seen = policy.burnIn(frames, new boolean[] {true, true, true, true});
      assertThat(seen.hidden().requires_grad()).isFalse();
      assertThat(policy.forward(frames.select(1, 0), seen).logits().requires_grad()).isTrue();
    }
  }

  /** The policy sees what the tokenizer makes of a frame, never the frame. */
  @Test
  void actorSeesReconstructionsAndRemembersPerRow() {
    Tokenizer tokenizer = networks.world().tokenizer();
    ActorCritic policy = networks.actorCritic();
    Tensor[] heard = new Tensor[1];
    Sampler listening =
        (logits, random) -> {
          heard[0] = Tensors.keep(logits.clone());
          return Sampler.greedy().choose(logits, random);
        };
    RandomStream[] random = {new RandomStream(0), new RandomStream(1)};
    try (Actor actor = new Actor(tokenizer, policy, 2);
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      LstmCell.State state = policy.start(2);
      for (int t = 0; t < 4; t++) {
        Tensor frames = SmallAgents.frames(t, 2);
        if (t == 2) {
          actor.forget(1);
          state = new LstmCell.State(firstRowOnly(state.hidden()), firstRowOnly(state.cell()));
        }
        long[] chosen = actor.act(frames, listening, random);
        Tensor seen = tokenizer.decodeTokens(tokenizer.tokens(frames));
        ActorCritic.Output expected = policy.forward(seen, state);
        assertClose(heard[0], expected.logits());
        assertThat(chosen)
            .containsExactly(Tensors.longs(Sampler.greedy().choose(expected.logits(), random)));
        Tensor raw = policy.forward(frames, state).logits();
        assertThat(Tensors.number(heard[0].sub(raw).abs().max())).isGreaterThan(1e-3);
        Tensors.release(heard[0]);
        state = expected.state();
      }
      actor.remember(policy.start(2));
      actor.act(SmallAgents.frames(9, 2), listening, random);
      Tensor seen = tokenizer.decodeTokens(tokenizer.tokens(SmallAgents.frames(9, 2)));
      assertClose(heard[0], policy.forward(seen, policy.start(2)).logits());
      Tensors.release(heard[0]);
    }
  }

  private static Tensor firstRowOnly(Tensor state) {
    return Tensors.cat(
        List.of(state.narrow(0, 0, 1), Tensors.zeros(Compute.CPU, 1, state.size(1))), 0);
  }

  @Test
  void freshPolicyIsNearlyUniform() {
    try (IrisNetworks fresh = SmallAgents.networks(SmallAgents.config(), ACTIONS);
        PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      ActorCritic.Output output =
          fresh.actorCritic().forward(SmallAgents.frames(1, 2), fresh.actorCritic().start(2));
      float[] logits = Tensors.floats(output.logits());
      for (float logit : logits) {
        assertThat(logit).isCloseTo(logits[0], within(0.5f));
      }
      assertThat(Tensors.shape(output.values())).containsExactly(2L);
    }
  }
}
