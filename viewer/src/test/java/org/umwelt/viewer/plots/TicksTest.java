package org.umwelt.viewer.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TicksTest {
  private static List<String> labels(double low, double high, int most) {
    Ticks ticks = Ticks.between(low, high, most);
    return IntStream.range(0, ticks.count()).mapToObj(ticks::label).toList();
  }

  @Test
  void placesAreMultiplesOfOneTwoOrFive() {
    assertThat(labels(0, 10, 6)).containsExactly("0", "2", "4", "6", "8", "10");
    assertThat(labels(-0.3, 0.31, 4)).containsExactly("\u22120.2", "0.0", "0.2");
    assertThat(labels(3, 97, 3)).containsExactly("50");
    assertThat(labels(0, 400, 5)).containsExactly("0", "100", "200", "300", "400");
  }

  @Test
  void largeAndSmallNumbersStayShort() {
    assertThat(labels(0, 2_000_000, 3)).containsExactly("0", "1M", "2M");
    assertThat(labels(0, 2e-7, 3)).containsExactly("0", "1.0e-07", "2.0e-07");
  }

  @Test
  void neverMoreThanAskedFor() {
    for (double range = 1e-6; range < 1e9; range *= 1.7) {
      for (int most = 2; most < 12; most++) {
        Ticks ticks = Ticks.between(-range / 3, range, most);
        assertThat(ticks.count()).isBetween(1, most);
        assertThat(ticks.at(ticks.count() - 1)).isLessThanOrEqualTo(range * (1 + 1e-9));
        assertThat(ticks.at(0)).isGreaterThanOrEqualTo(-range / 3 * (1 + 1e-9));
      }
    }
  }

  @Test
  void aRangeOfNothingHasOnePlace() {
    assertThat(Ticks.between(2, 2, 5).count()).isEqualTo(1);
  }

  @Test
  void numbersAreWrittenAsPeopleDo() {
    assertThat(Ticks.number(12)).isEqualTo("12");
    assertThat(Ticks.number(-0.5)).isEqualTo("\u22120.50");
    assertThat(Ticks.number(0.0031)).isEqualTo("0.0031");
    assertThat(Ticks.number(1.3862943)).isEqualTo("1.386");
    assertThat(Ticks.number(Double.NaN)).isEqualTo("\u2013");
  }
}
