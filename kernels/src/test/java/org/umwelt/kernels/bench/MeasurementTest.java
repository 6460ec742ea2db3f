package org.umwelt.kernels.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
    assertThat(Measurement.median(List.of(5.0, 1.0, 3.0))).isEqualTo(3.0);
    assertThat(Measurement.median(List.of(4.0, 1.0, 3.0, 100.0))).isEqualTo(3.5);
    assertThat(Measurement.median(List.of())).isNaN();
  }

  @Test
  void theRatioIsTheMedianOverRoundsAndNaNWithoutAPeer() {
    Measurement both =
        new Measurement(
            "speed", "1/s", List.of(1.0, 6.0, 9.0), "peer", List.of(2.0, 4.0, 3.0), 1.2, "");

    assertThat(both.ratio()).isEqualTo(1.5);
    assertThat(Measurement.alone("speed", "1/s", List.of(1.0), "").ratio()).isNaN();
  }
}
