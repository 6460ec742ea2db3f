package org.umwelt.physics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void countsWhatItIsGivenAboutZero() {
    Histogram histogram =
        Histogram.symmetric(4, new double[] {-0.93, -0.1, 0.1}, new double[] {0.4, 0.6, 0.6});

    assertThat(histogram.low()).isEqualTo(-0.95, within(1e-12));
    assertThat(histogram.high()).isEqualTo(0.95, within(1e-12));
    assertThat(histogram.counts()).containsExactly(1, 1, 2, 2);
    assertThat(histogram.middles()[2]).isEqualTo(0.2375, within(1e-12));
    assertThat(histogram.edge(4)).isEqualTo(0.95, within(1e-12));
    assertThat(Arrays.stream(histogram.densities()).sum() * histogram.width())
        .isEqualTo(1, within(1e-12));
  }

  @Test
  void theEndsAreInside() {
    assertThat(Histogram.symmetric(2, new double[] {-1, 1}).counts()).containsExactly(1, 1);
    assertThat(Histogram.symmetric(2, new double[] {0, 0}).counts()).containsExactly(0, 2);
  }
}
