package org.umwelt.viewer.plots;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LogTicksTest {
  private static void check(double low, double high, int most, double... expected) {
    double[] found = LogTicks.between(Math.log10(low), Math.log10(high), most);
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], Percentage.withPercentage(1e-6));
    }
  }

  @Test
  void decadesHavePowersOfTen() {
    check(0.5, 2e4, 6, 1, 10, 100, 1000, 10000);
    check(0.5, 2e4, 12, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000);
    check(1e-12, 1, 4, 1e-12, 1e-8, 1e-4, 1);
  }

  @Test
  void lessThanADecadeHasRoundNumbers() {
    check(2, 9, 8, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void neverMoreThanAskedFor() {
    for (double high = 0.1; high < 40; high += 0.7) {
      for (int most = 2; most < 12; most++) {
        assertThat(LogTicks.between(-3.3, high, most)).hasSizeBetween(1, most);
      }
    }
  }

  @Test
  void labelsAreShort() {
    assertThat(
            Arrays.stream(new double[] {1e-5, 0.001, 1, 3000, 1e5, 1e-12})
                .mapToObj(LogTicks::label))
        .containsExactly("1e\u22125", "0.001", "1", "3000", "1e5", "1e\u221212");
  }
}
