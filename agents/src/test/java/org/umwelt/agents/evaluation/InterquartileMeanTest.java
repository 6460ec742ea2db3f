package org.umwelt.agents.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.umwelt.agents.evaluation.InterquartileMean.Interval;
import org.umwelt.kernels.random.RandomStream;

class InterquartileMeanTest {
  @Test
  void cutsAQuarterRoundedDownAtEachEnd() {
    assertThat(InterquartileMean.of(5)).isEqualTo(5);
    assertThat(InterquartileMean.of(9, 1, 2)).isEqualTo(4); // nothing is cut below four
    assertThat(InterquartileMean.of(100, 1, 3, -50)).isEqualTo(2); // one at each end
    assertThat(InterquartileMean.of(7, 6, 5, 4, 3, 2, 1)).isEqualTo(4); // 2 3 4 5 6
    assertThat(InterquartileMean.of(8, 7, 6, 5, 4, 3, 2, 90)).isEqualTo(5.5); // 4 5 6 7
  }

  @Test
  void ofOneResampleEqualsTheMeanOfItsSortedMiddle() {
    double[] values = {3, 1, 4, 1, 5, 9, 2, 6};
    RandomStream random = new RandomStream(11, 0x424F_4F54L);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] means = new double[InterquartileMean.RESAMPLES];
    for (int resample = 0; resample < means.length; resample++) {
      double[] sample = new double[8];
      for (int i = 0; i < 8; i++) {
        sample[i] = sorted[random.nextInt(8)];
      }
      Arrays.sort(sample);
      means[resample] = (sample[2] + sample[3] + sample[4] + sample[5]) / 4;
    }
    Arrays.sort(means);
    Interval interval = InterquartileMean.interval(values, 11);
    // Ranks 0.025 * 1999 = 49.975 and 0.975 * 1999 = 1949.025.
    assertThat(interval.low())
        .isCloseTo(means[49] + 0.975 * (means[50] - means[49]), within(1e-12));
    assertThat(interval.high())
        .isCloseTo(means[1949] + 0.025 * (means[1950] - means[1949]), within(1e-12));
  }

  @Test
  void intervalOfEqualValuesIsThatValue() {
    assertThat(InterquartileMean.interval(new double[] {2, 2, 2}, 3)).isEqualTo(new Interval(2, 2));
  }

  @Test
  void intervalDependsOnTheSeedAndNotOnTheOrder() {
    RandomStream random = new RandomStream(2);
    double[] values = random.doubles(50).toArray();
    double[] shuffled = values.clone();
    Arrays.sort(shuffled);
    assertThat(InterquartileMean.interval(values, 1))
        .isEqualTo(InterquartileMean.interval(shuffled, 1))
        .isNotEqualTo(InterquartileMean.interval(values, 2));
  }

  @Test
  void intervalOfManyNormalValuesHasTheWidthOfTheory() {
    // The 25 % trimmed mean of n normal values has variance 1.1949 / n: its influence function is
    // x clipped at the quartiles, times 2; E = 4 (E[x^2; |x| < q] + q^2 / 2), q = 0.6745.
    RandomStream random = new RandomStream(5);
    double[] values = new double[4000];
    Arrays.setAll(values, _ -> random.nextGaussian());
    Interval interval = InterquartileMean.interval(values, 8);
    double expected = 2 * 1.95996 * Math.sqrt(1.1949 / values.length);
    // The standard error of a width from 2000 resamples is about 2 %.
    assertThat(interval.high() - interval.low()).isCloseTo(expected, within(0.08 * expected));
  }

  @Test
  void percentileInterpolatesBetweenRanks() {
    double[] sorted = {0, 10, 20, 40};
    assertThat(InterquartileMean.percentile(sorted, 0)).isEqualTo(0);
    assertThat(InterquartileMean.percentile(sorted, 0.5)).isEqualTo(15);
    assertThat(InterquartileMean.percentile(sorted, 0.9)).isCloseTo(34, within(1e-12));
    assertThat(InterquartileMean.percentile(sorted, 1)).isEqualTo(40);
  }

  @Test
  void statisticsAreTheOnesOfNumpy() {
    ReturnStatistics statistics = ReturnStatistics.of(new double[] {4, 2, 9, 1}, 0);
    assertThat(statistics.mean()).isEqualTo(4);
    assertThat(statistics.std()).isCloseTo(Math.sqrt(9.5), within(1e-15)); // (0+4+25+9)/4
    assertThat(statistics.median()).isEqualTo(3);
    assertThat(statistics.iqm()).isEqualTo(3);
    assertThat(statistics.min()).isEqualTo(1);
    assertThat(statistics.max()).isEqualTo(9);
  }
}
