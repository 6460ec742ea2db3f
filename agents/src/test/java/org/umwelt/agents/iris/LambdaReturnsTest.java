package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.umwelt.kernels.random.RandomStream;

class LambdaReturnsTest {
  private static final double GAMMA = 0.995;
  private static final double[] REWARDS = {1, 0, -1, 2, 0.5};
  private static final double[] VALUES = {0.5, 1, -0.5, 0.25, 2};

  private static void assertReturns(boolean[] ends, double... expected) {
    assertThat(LambdaReturns.of(REWARDS, VALUES, ends, GAMMA, 0.95))
        .containsExactly(expected, within(5e-7));
  }

  /** Figures of the reference implementation, which computes in float32. */
  @Test
  void returnsAreThoseOfTheReference() {
    assertReturns(new boolean[5], 3.51372051, 2.60668659, 2.78398466, 3.98999977, 2);
    boolean[] second = {false, true, false, false, false};
    assertReturns(second, 1.04974997, 0, 2.78398466, 3.98999977, 2);
    boolean[] late = {false, false, false, true, true};
    assertReturns(late, 1.83300924, 0.82862663, 0.90293747, 2, 2);
  }

  /** Random rewards, values and ends. */
  private static final class Example {
    final double[] rewards = new double[12];
    final double[] values = new double[12];
    final boolean[] ends = new boolean[12];

    Example(long seed) {
      RandomStream random = new RandomStream(seed);
      for (int t = 0; t < 12; t++) {
        rewards[t] = random.nextInt(3) - 1;
        values[t] = random.nextGaussian();
        ends[t] = random.nextInt(4) == 0;
      }
    }
  }

  @Test
  void lambdaOneIsMonteCarloUpToTheEndOrTheLastValue() {
    for (int seed = 0; seed < 20; seed++) {
      Example e = new Example(seed);
      double[] found = LambdaReturns.of(e.rewards, e.values, e.ends, GAMMA, 1);
      for (int t = 0; t < 11; t++) {
        double expected = 0;
        double discount = 1;
        boolean ended = false;
        for (int s = t; s < 11 && !ended; s++) {
          expected += discount * e.rewards[s];
          discount *= GAMMA;
          ended = e.ends[s];
        }
        expected += ended ? 0 : discount * e.values[11];
        assertThat(found[t]).isCloseTo(expected, within(1e-12));
      }
    }
  }

  @Test
  void lambdaZeroLooksOneStepAhead() {
    for (int seed = 0; seed < 20; seed++) {
      Example e = new Example(seed);
      double[] found = LambdaReturns.of(e.rewards, e.values, e.ends, GAMMA, 0);
      for (int t = 0; t < 11; t++) {
        assertThat(found[t]).isEqualTo(e.rewards[t] + (e.ends[t] ? 0 : GAMMA * e.values[t + 1]));
      }
      assertThat(found[11]).isEqualTo(e.values[11]);
    }
  }

  @Test
  void lastRewardAndEndAreNotUsed() {
    Example e = new Example(1);
    double[] before = LambdaReturns.of(e.rewards, e.values, e.ends, GAMMA, 0.95);
    e.rewards[11] = 100;
    e.ends[11] = !e.ends[11];
    assertThat(LambdaReturns.of(e.rewards, e.values, e.ends, GAMMA, 0.95)).containsExactly(before);
  }
}
