package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Imagination;

class ImaginedRolloutTest {
  private static final int B = 3;
  private static final int T = 5;
  private static final int A = 4;
  private static final double GAMMA = 0.9;
  private static final double LAMBDA = 0.8;
  private static final double ENTROPY = 0.25;

  private final RandomStream random = new RandomStream(6);
  private final float[] logits = gaussians(B * T * A);
  private final float[] values = gaussians(B * T);
  private final long[] actions = new long[B * T];
  private final double[][] rewards = new double[B][T];
  private final boolean[][] ends = new boolean[B][T];

  ImaginedRolloutTest() {
    for (int i = 0; i < B * T; i++) {
      actions[i] = random.nextInt(A);
      rewards[i / T][i % T] = random.nextInt(3) - 1;
      ends[i / T][i % T] = random.nextInt(5) == 0;
    }
  }

  private float[] gaussians(int n) {
    float[] all = new float[n];
    for (int i = 0; i < n; i++) {
      all[i] = (float) random.nextGaussian();
    }
    return all;
  }

  /** Leaves that require gradients. */
  private final class Leaves {
    final Tensor logits =
        Tensors.of(Compute.CPU, ImaginedRolloutTest.this.logits, B, T, A).set_requires_grad(true);
    final Tensor values =
        Tensors.of(Compute.CPU, ImaginedRolloutTest.this.values, B, T).set_requires_grad(true);

    Map<String, Tensor> losses() {
      return new ImaginedRollout(
              List.of(), Tensors.of(Compute.CPU, actions, B, T), logits, values, rewards, ends)
          .losses(GAMMA, LAMBDA, ENTROPY);
    }

    void backward(String term) {
      Tensor loss = losses().get(term);
      if (loss != null) {
        loss.backward();
      }
    }
  }

  private double[] returns(int row) {
    double[] v = new double[T];
    Arrays.setAll(v, t -> values[row * T + t]);
    return LambdaReturns.of(rewards[row], v, ends[row], GAMMA, LAMBDA);
  }

  private double[] probabilities(int row, int t) {
    double[] p = new double[A];
    double sum = 0;
    for (int a = 0; a < A; a++) {
      p[a] = Math.exp(logits[(row * T + t) * A + a]);
      sum += p[a];
    }
    for (int a = 0; a < A; a++) {
      p[a] /= sum;
    }
    return p;
  }

  private static double entropy(double[] p) {
    return -Arrays.stream(p).map(x -> x * Math.log(x)).sum();
  }

  @Test
  void termsAreMeansOverRowsAndAllStepsButTheLast() {
    double actor = 0;
    double value = 0;
    double entropy = 0;
    int n = B * (T - 1);
    for (int row = 0; row < B; row++) {
      double[] g = returns(row);
      for (int t = 0; t < T - 1; t++) {
        double[] p = probabilities(row, t);
        double v = values[row * T + t];
        actor -= Math.log(p[(int) actions[row * T + t]]) * (g[t] - v) / n;
        value += (v - g[t]) * (v - g[t]) / n;
        entropy -= ENTROPY * entropy(p) / n;
      }
    }
    try (PointerScope _ = new PointerScope()) {
      Map<String, Tensor> losses = new Leaves().losses();
      assertThat(losses.keySet()).containsExactly("actor", "value", "entropy");
      assertThat(number(losses, "actor")).isCloseTo(actor, within(1e-5));
      assertThat(number(losses, "value")).isCloseTo(value, within(1e-5));
      assertThat(number(losses, "entropy")).isCloseTo(entropy, within(1e-6));
    }
  }

  @Test
  void actorTermIsReinforceAndGivesTheValueNoGradient() {
    try (PointerScope _ = new PointerScope()) {
      Leaves leaves = new Leaves();
      leaves.backward("actor");
      float[] found = Tensors.floats(leaves.logits.grad());
      for (int row = 0; row < B; row++) {
        double[] g = returns(row);
        for (int t = 0; t < T; t++) {
          double[] p = probabilities(row, t);
          double advantage = t == T - 1 ? 0 : g[t] - values[row * T + t];
          for (int a = 0; a < A; a++) {
            double chosen = a == actions[row * T + t] ? 1 : 0;
            double expected = advantage * (p[a] - chosen) / (B * (T - 1));
            assertThat((double) found[(row * T + t) * A + a]).isCloseTo(expected, within(1e-6));
          }
        }
      }
      assertThat(leaves.values.grad().defined()).isFalse();
    }
  }

  @Test
  void valueTermPullsToTheReturnsAndNothingElse() {
    try (PointerScope _ = new PointerScope()) {
      Leaves leaves = new Leaves();
      leaves.backward("value");
      float[] found = Tensors.floats(leaves.values.grad());
      for (int row = 0; row < B; row++) {
        double[] g = returns(row);
        for (int t = 0; t < T; t++) {
          double expected = t == T - 1 ? 0 : 2 * (values[row * T + t] - g[t]) / (B * (T - 1));
          assertThat((double) found[row * T + t]).isCloseTo(expected, within(1e-6));
        }
      }
      assertThat(leaves.logits.grad().defined()).isFalse();
    }
  }

  @Test
  void entropyTermPushesTowardsTheUniformPolicy() {
    try (PointerScope _ = new PointerScope()) {
      Leaves leaves = new Leaves();
      leaves.backward("entropy");
      float[] found = Tensors.floats(leaves.logits.grad());
      for (int i = 0; i < B * T; i++) {
        double[] p = probabilities(i / T, i % T);
        double h = entropy(p);
        for (int a = 0; a < A; a++) {
          double expected =
              i % T == T - 1 ? 0 : ENTROPY * p[a] * (Math.log(p[a]) + h) / (B * (T - 1));
          assertThat((double) found[i * A + a]).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  private static double number(Map<String, Tensor> terms, String name) {
    return Tensors.number(Objects.requireNonNull(terms.get(name)));
  }

  @Test
  void entropyOfTheUniformPolicyIsTheLogarithmOfTheActions() {
    Arrays.fill(logits, 1.5f);
    try (PointerScope _ = new PointerScope()) {
      assertThat(number(new Leaves().losses(), "entropy"))
          .isCloseTo(-ENTROPY * Math.log(A), within(1e-6));
    }
  }

  @Test
  void playedRolloutHoldsWhatThePolicySawAndLearnsThroughItsMemory() {
    IrisConfig config = SmallAgents.config();
    RandomStream[] streams = {new RandomStream(1), new RandomStream(2)};
    try (IrisNetworks networks = SmallAgents.decided(config, 3);
        PointerScope _ = new PointerScope();
        Imagination imagination =
            new Imagination(
                networks.world().tokenizer(),
                networks.world().worldModel(),
                Sampler.categorical(),
                streams)) {
      Tensor start = networks.world().tokenizer().tokens(SmallAgents.frames(3, 2));
      imagination.reset(start);
      ActorCritic policy = networks.actorCritic();
      ImaginedRollout rollout =
          ImaginedRollout.play(
              policy, policy.start(2), imagination, 4, Sampler.categorical(), streams);
      assertThat(Tensors.shape(rollout.logits())).containsExactly(2L, 4L, 3L);
      assertThat(Tensors.shape(rollout.values())).containsExactly(2L, 4L);
      assertThat(Tensors.shape(rollout.actions())).containsExactly(2L, 4L);
      assertThat(Tensors.floats(rollout.frames().getFirst()))
          .containsExactly(Tensors.floats(networks.world().tokenizer().decodeTokens(start)));
      var state = policy.start(2);
      for (int t = 0; t < 4; t++) {
        ActorCritic.Output output = policy.forward(rollout.frames().get(t), state);
        state = output.state();
        Tensor difference = output.logits().sub(rollout.logits().select(1, t)).abs().max();
        assertThat(Tensors.number(difference)).isLessThan(1e-5);
      }
      Parameters learned = networks.actorCriticParameters();
      learned.zeroGradients();
      networks.world().tokenizerParameters().zeroGradients();
      networks.world().worldModelParameters().zeroGradients();
      // The second step alone: what reaches the recurrent weights went through the first.
      rollout.logits().select(1, 1).square().sum().backward();
      Tensor recurrent =
          Objects.requireNonNull(
              learned.split(learned.gradients()).get("actor_critic.lstm.weight_hh"));
      assertThat(Tensors.number(recurrent.abs().max())).isPositive();
      for (Parameters frozen :
          List.of(
              networks.world().tokenizerParameters(), networks.world().worldModelParameters())) {
        assertThat(Tensors.number(frozen.gradients().abs().max())).isZero();
      }
    }
  }
}
