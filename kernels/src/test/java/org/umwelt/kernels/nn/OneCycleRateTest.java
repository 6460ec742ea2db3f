package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OneCycleRateTest {
  /** The peak is at step 0.2 * 55 - 1 = 10. */
  private static final OneCycleRate RATE = new OneCycleRate(0.5, 0.01, 0.2, 0.2, 55);

  @Test
  void startsPeaksAndEndsWhereItShould() {
    assertThat(RATE.at(0)).isCloseTo(0.005, within(1e-15));
    assertThat(RATE.at(10)).isEqualTo(0.5);
    assertThat(RATE.at(54)).isCloseTo(0.1, within(1e-15));
    assertThat(RATE.at(100)).isEqualTo(RATE.at(54));
  }

  @Test
  void isHalfWayInTheMiddleOfEachPhase() {
    assertThat(RATE.at(5)).isCloseTo((0.005 + 0.5) / 2, within(1e-15));
    assertThat(RATE.at(32)).isCloseTo((0.5 + 0.1) / 2, within(1e-15));
  }

  @Test
  void goesUpThenDown() {
    for (int step = 0; step < 54; step++) {
      assertThat(RATE.at(step + 1) > RATE.at(step)).isEqualTo(step < 10);
    }
  }

  @Test
  void trainingsTooShortToWarmUpStartAtThePeak() {
    OneCycleRate few = new OneCycleRate(1, 0.01, 0.2, 0.02, 10);
    assertThat(few.at(0)).isEqualTo(1);
    assertThat(few.at(9)).isCloseTo(0.2, within(1e-15));
    assertThat(new OneCycleRate(1, 0.01, 0.2, 0.02, 1).at(0)).isEqualTo(1);
  }
}
