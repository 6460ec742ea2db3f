package org.umwelt.agents;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class InsightTest {
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  @Test
  void entropyOfNActionsAlikeIsTheLogarithmOfN() {
    Insight insight = Insight.ofLogits(0, new float[] {3, 3, 3, 3}, 0.5);
    assertThat(insight.probabilities()).containsOnly(0.25);
    assertThat(insight.entropy()).isCloseTo(Math.log(4), ROUNDING);
  }

  @Test
  void aCertainActionHasNoEntropy() {
    assertThat(new Insight(0, new double[] {0, 1, 0}).entropy()).isZero();
    assertThat(Insight.ofLogits(0, new float[] {-1000, 1000}, 1).probabilities())
        .containsExactly(0, 1);
  }

  @Test
  void temperatureDividesLogits() {
    double[] halved = Insight.ofLogits(0, new float[] {0, 1}, 0.5).probabilities();
    assertThat(halved[1] / halved[0]).isCloseTo(Math.exp(2), ROUNDING);
  }
}
