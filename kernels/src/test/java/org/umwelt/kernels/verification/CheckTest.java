package org.umwelt.kernels.verification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckTest {
  @Test
  void exactPassesOnlyOnEqualValues() {
    assertThat(Check.exact("n", 3, 3)).isEqualTo(new Check("n", "3", "3", "exact", true));
    assertThat(Check.exact("n", 3, 4).passed()).isFalse();
  }

  @Test
  void withinPassesUpToTheToleranceAndNeverOnNaN() {
    assertThat(Check.within("x", 1, 1.5, 0.5).passed()).isTrue();
    assertThat(Check.within("x", 1, 1.75, 0.5).passed()).isFalse();
    assertThat(Check.within("x", 1, Double.NaN, 0.5).passed()).isFalse();
  }
}
