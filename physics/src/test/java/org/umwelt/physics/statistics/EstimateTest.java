package org.umwelt.physics.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EstimateTest {
  @ParameterizedTest
  @CsvSource({
    "0.029511, 0.00024, 0.02951(24)",
    "0.029511, 0.0000999, 0.02951(10)",
    "-25.456, 0.18, -25.46(18)",
    "280.5, 1.26, 280.5(1.3)",
    "12345, 678, 12345(678)",
    "0.5, 0, 0.500000",
    "NaN, 1, NaN",
  })
  void isShortWithItsError(double value, double error, String expected) {
    assertThat(new Estimate(value, error, 0.5, 0, 0, 1, 1).concise()).isEqualTo(expected);
  }
}
