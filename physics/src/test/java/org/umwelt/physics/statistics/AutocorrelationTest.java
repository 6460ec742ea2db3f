package org.umwelt.physics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.umwelt.kernels.random.RandomStream;

class AutocorrelationTest {
  private static final double RHO = 0.8;

  private static double[] autoregressive(int length, RandomStream random) {
    double[] series = new double[length];
    double x = random.nextGaussian();
    for (int t = 0; t < length; t++) {
      series[t] = x;
      x = RHO * x + Math.sqrt(1 - RHO * RHO) * random.nextGaussian();
    }
    return series;
  }

  /** The spread of many estimates is the error each of them tells, and their mean is rho^t. */
  @Test
  void errorsAreTheSpreadOfManyEstimates() {
    RandomStream random = new RandomStream(3);
    int many = 300;
    double[] sum = new double[11];
    double[] squares = new double[11];
    double[] told = new double[11];
    for (int i = 0; i < many; i++) {
      double[][] chains = {autoregressive(2000, random), autoregressive(2000, random)};
      Autocorrelation one = Autocorrelation.of(10, 100, chains);
      for (int t = 0; t <= 10; t++) {
        sum[t] += one.rho()[t] / many;
        squares[t] += one.rho()[t] * one.rho()[t] / many;
        told[t] += one.errors()[t] / many;
      }
    }
    for (int t = 1; t <= 10; t++) {
      double spread = Math.sqrt(squares[t] - sum[t] * sum[t]);
      assertThat(sum[t]).isEqualTo(Math.pow(RHO, t), within(0.01));
      assertThat(told[t]).isEqualTo(spread, within(0.2 * spread));
    }
    assertThat(told[0]).isZero();
  }

  @Test
  void timeAndFunctionAreThoseOfTheGammaMethod() {
    double[] series = autoregressive(5000, new RandomStream(4));
    Autocorrelation one = Autocorrelation.of(10, 1000, series);

    assertThat(one.mean()).isEqualTo(GammaMethod.mean(series));
    assertThat(one.rho()).hasSize(2 * one.mean().window() + 1);
    assertThat(one.rho()).isEqualTo(GammaMethod.autocorrelation(one.rho().length - 1, series));
    assertThat(Autocorrelation.of(10, 12, series).rho()).hasSize(13);
    assertThat(Autocorrelation.of(10, 12, new double[] {1, 2, 1}).rho()).hasSize(3);
  }
}
