package org.umwelt.physics.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.random.RandomStream;

class GammaMethodTest {
  /** A few measurements say nothing, whatever their autocorrelation looks like. */
  @Test
  void shortChainsAreNeverConverged() {
    RandomStream random = new RandomStream(6);
    for (int i = 0; i < 2000; i++) {
      double[] few = random.doubles(4 + i % 40).toArray();
      Estimate estimate = GammaMethod.mean(few);
      assertThat(estimate.converged()).isFalse();
      assertThat(estimate.tauInt()).isGreaterThanOrEqualTo(1.0 / few.length);
    }
  }

  @Test
  void theAutocorrelationFunctionIsThatOfTheDefinition() {
    double[] rho =
        GammaMethod.autocorrelation(2, new double[] {1, 2, 4, 1}, new double[] {0, 0, 2, 6});
    // Mean 2; deviations -1 0 2 -1 and -2 -2 0 4.
    assertThat(rho)
        .satisfies(all -> {
          double variance = (1 + 0 + 4 + 1 + 4 + 4 + 0 + 16) / 8.0;
          assertThat(all[0]).isEqualTo(1);
          assertThat(all[1]).isCloseTo((0 + 0 - 2 + 4 + 0 + 0) / 6.0 / variance, within(1e-14));
          assertThat(all[2]).isCloseTo((-2 + 0 + 0 - 8) / 4.0 / variance, within(1e-14));
        });
    assertThat(GammaMethod.autocorrelation(1, new double[] {3, 3, 3})).containsOnly(Double.NaN);
  }

  /** x' = rho x + sqrt(1 - rho^2) eta, stationary from the start: mean 0, variance 1. */
  private static double[] autoregressive(double rho, int length, RandomStream random) {
    double[] series = new double[length];
    double x = random.nextGaussian();
    for (int t = 0; t < length; t++) {
      series[t] = x;
      x = rho * x + Math.sqrt(1 - rho * rho) * random.nextGaussian();
    }
    return series;
  }

  @ParameterizedTest
  @CsvSource({
    "0.9, 9.5",
    "0.5, 1.5",
    "0, 0.5",
    "-0.3, 0.2692307692",
    "-0.6, 0.125",
    "-0.9, 0.0263157895"
  })
  void autoregressiveSeriesHaveTheirAutocorrelationTime(double rho, double exact) {
    RandomStream random = new RandomStream(1);
    double[][] chains = new double[4][];
    for (int i = 0; i < 4; i++) {
      chains[i] = autoregressive(rho, 100_000, random);
    }

    Estimate estimate = GammaMethod.mean(chains);

    assertThat(estimate.tauInt())
        .isCloseTo(exact, within(3 * estimate.tauIntError() + 0.01 * exact));
    assertThat(estimate.error())
        .isCloseTo(Math.sqrt(2 * exact / 400_000), within(0.05 * estimate.error()));
    assertThat(estimate.effectiveSampleSize())
        .isCloseTo(200_000 / exact, within(0.1 * 200_000 / exact));
    assertThat(Math.abs(estimate.pull(0))).isLessThan(3);
    assertThat(estimate.converged()).isTrue();
    assertThat(estimate.samples()).isEqualTo(400_000);
  }

  /** The error covers the true mean in 68 % of cases; over 200 replicas 3.3 % is one sigma. */
  @ParameterizedTest
  @CsvSource({"0.9, 20000", "0.5, 4000", "0, 1000", "-0.6, 1000"})
  void errorsCoverTheTruthAsOftenAsTheyShould(double rho, int length) {
    RandomStream random = new RandomStream(2);
    int covered = 0;
    double squares = 0;
    for (int replica = 0; replica < 200; replica++) {
      double pull = GammaMethod.mean(autoregressive(rho, length, random)).pull(0);
      covered += Math.abs(pull) < 1 ? 1 : 0;
      squares += pull * pull;
    }
    assertThat(covered / 200.0).isBetween(0.62, 0.74);
    assertThat(squares).isBetween(200 - 3 * 20.0, 200 + 3 * 20.0); // chi-square, sigma 20
  }

  @Test
  void functionsOfMeansHaveTheErrorOfTheirLinearPart() {
    RandomStream random = new RandomStream(3);
    double[] x = autoregressive(0.8, 50_000, random);
    double[] square = new double[x.length];
    for (int t = 0; t < x.length; t++) {
      x[t] += 2;
      square[t] = x[t] * x[t];
    }

    Estimate logarithm = GammaMethod.derived(m -> Math.log(m[0]), new double[][] {x});
    Estimate mean = GammaMethod.mean(x);
    Estimate variance =
        GammaMethod.derived(m -> m[1] - m[0] * m[0], new double[][] {x}, new double[][] {square});
    Jackknife.Result jackknife =
        Jackknife.of(m -> m[1] - m[0] * m[0], 500, new double[][] {x}, new double[][] {square});

    assertThat(logarithm.value()).isEqualTo(Math.log(mean.value()));
    assertThat(logarithm.error())
        .isCloseTo(mean.error() / mean.value(), within(1e-4 * mean.error()));
    assertThat(Math.abs(variance.pull(1))).isLessThan(3);
    // (x - 2)^2 decorrelates as rho^2: tau 1/2 (1 + 0.64) / (1 - 0.64), variance 2.
    assertThat(variance.error())
        .isCloseTo(Math.sqrt(2 * 2 * 0.5 * 1.64 / 0.36 / 50_000), within(0.1 * variance.error()));
    assertThat(jackknife.error()).isCloseTo(variance.error(), within(0.25 * variance.error()));
    assertThat(jackknife.value()).isCloseTo(variance.value(), within(0.2 * variance.error()));
    assertThat(jackknife.blocks()).isEqualTo(100);
  }

  @Test
  void theJackknifeOfAMeanIsExact() {
    Jackknife.Result result = Jackknife.of(m -> m[0], 1, new double[][] {{1, 2, 4}, {5, 0, 6}});

    assertThat(result.value()).isCloseTo(3, within(1e-14));
    // Standard error of six independent numbers: sqrt(sum of squares / (6 * 5)).
    assertThat(result.error()).isCloseTo(Math.sqrt((4 + 1 + 1 + 4 + 9 + 9) / 30.0), within(1e-14));
  }

  @Test
  void shortChainsAreNotCalledConverged() {
    double[] series = autoregressive(0.99, 2000, new RandomStream(4)); // tau_int is 99.5
    assertThat(GammaMethod.mean(series).converged()).isFalse();
  }

  @Test
  void constantSeriesHaveNoErrorAndBrokenOnesHaveNone() {
    Estimate constant = GammaMethod.mean(new double[] {2, 2, 2, 2});
    assertThat(constant.value()).isEqualTo(2);
    assertThat(constant.error()).isZero();
    assertThat(constant.pull(2)).isZero();
    assertThat(GammaMethod.mean(new double[] {1, Double.NaN, 2}).error()).isNaN();
  }

  @Test
  void seriesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> GammaMethod.mean(new double[1]))
        .hasMessageContaining("at least 2 measurements");
    assertThatThrownBy(() -> GammaMethod.mean(new double[3], new double[4]))
        .hasMessageContaining("chains of one length");
    assertThatThrownBy(() -> Jackknife.of(m -> m[0], 3, new double[][] {{1, 2, 3, 4}}))
        .hasMessageContaining("at least 2 blocks");
  }
}
