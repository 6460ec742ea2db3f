package org.umwelt.physics.statistics;

import java.util.function.ToDoubleFunction;

/**
 * The Gamma method: the error of a mean from the autocorrelation function, summed up to a window
 * that is found automatically.
 *
 * <p>U. Wolff, "Monte Carlo errors with less errors", hep-lat/0306017.
 */
public final class GammaMethod {
  /** The ratio S of autocorrelation times that the window assumes; Wolff's choice. */
  public static final double S = 1.5;

  private static final double SMALLEST = 1e-12; // for an autocorrelation time of 1/2 or less
  private static final double MOST_PRODUCTS = 2e10; // of a window that does not end
  private static final double STEP = 1e-2; // of a derivative, in standard deviations of a mean

  private GammaMethod() {}

  /**
   * Returns the mean of a series.
   *
   * @param chains one series of measurements per chain, all of one length
   */
  public static Estimate mean(double[]... chains) {
    check(chains);
    double mean = meanOf(chains);
    return estimate(mean, mean, chains);
  }

  /**
   * Returns a function of the means of several observables: the series is projected on its
   * gradient.
   *
   * @param function of the means
   * @param observables for each observable, one series per chain
   */
  public static Estimate derived(ToDoubleFunction<double[]> function, double[][]... observables) {
    int count = observables.length;
    double[] means = new double[count];
    for (int i = 0; i < count; i++) {
      check(observables[i]);
      means[i] = meanOf(observables[i]);
    }
    double value = function.applyAsDouble(means);
    double[] slopes = new double[count];
    for (int i = 0; i < count; i++) {
      double step = STEP * standardDeviation(observables[i], means[i]);
      if (step > 0) {
        double[] moved = means.clone();
        moved[i] = means[i] + step;
        double up = function.applyAsDouble(moved);
        moved[i] = means[i] - step;
        slopes[i] = (up - function.applyAsDouble(moved)) / (2 * step);
      }
    }
    double[][] projected = new double[observables[0].length][observables[0][0].length];
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += slopes[i] * means[i];
      for (int chain = 0; chain < projected.length; chain++) {
        for (int t = 0; t < projected[chain].length; t++) {
          projected[chain][t] += slopes[i] * observables[i][chain][t];
        }
      }
    }
    return estimate(value, mean, projected);
  }

  /**
   * Returns the autocorrelation function rho(t) = Gamma(t) / Gamma(0).
   *
   * @param upTo the largest separation, less than the length of the series
   * @param chains one series of measurements per chain, all of one length
   * @return for t = 0 to upTo; NaN where the series is constant
   */
  public static double[] autocorrelation(int upTo, double[]... chains) {
    check(chains);
    double mean = meanOf(chains);
    double variance = covariance(chains, mean, 0);
    double[] rho = new double[upTo + 1];
    for (int t = 0; t <= upTo; t++) {
      rho[t] = variance > 0 ? covariance(chains, mean, t) / variance : Double.NaN;
    }
    return rho;
  }

  private static void check(double[][] chains) {
    if (chains.length == 0 || chains[0].length < 2) {
      throw new IllegalArgumentException(
          "expected at least one chain of at least 2 measurements, got %d of %d"
              .formatted(chains.length, chains.length == 0 ? 0 : chains[0].length));
    }
    for (double[] chain : chains) {
      if (chain.length != chains[0].length) {
        throw new IllegalArgumentException(
            "expected chains of one length, got %d and %d"
                .formatted(chains[0].length, chain.length));
      }
    }
  }

  private static double meanOf(double[][] chains) {
    double sum = 0;
    for (double[] chain : chains) {
      for (double one : chain) {
        sum += one;
      }
    }
    return sum / ((double) chains.length * chains[0].length);
  }

  /** Standard deviation of the mean as if measurements were independent. */
  private static double standardDeviation(double[][] chains, double mean) {
    double n = (double) chains.length * chains[0].length;
    return Math.sqrt(covariance(chains, mean, 0) / n);
  }

  /** Autocovariance at a separation, averaged over all pairs of all chains. */
  private static double covariance(double[][] chains, double mean, int separation) {
    double sum = 0;
    for (double[] chain : chains) {
      for (int t = 0; t + separation < chain.length; t++) {
        sum += (chain[t] - mean) * (chain[t + separation] - mean);
      }
    }
    return sum / ((double) chains.length * (chains[0].length - separation));
  }

  private static Estimate estimate(double value, double mean, double[][] chains) {
    int length = chains[0].length;
    double n = (double) chains.length * length;
    double variance = covariance(chains, mean, 0);
    if (!(variance > 0)) {
      double error = Double.isNaN(variance) ? Double.NaN : 0;
      return new Estimate(value, error, 0.5, 0, 0, (long) n, chains.length);
    }
    // Chains that need more are too short by far, and would be summed for hours.
    int longest = Math.min(length / 2, (int) Math.max(length / 20.0, MOST_PRODUCTS / n));
    double tau = 0.5;
    int window = 0;
    for (int w = 1; w < longest; w++) {
      tau += covariance(chains, mean, w) / variance;
      window = w;
      double time = // of an exponential decay that has this integral, times S
          tau <= 0.5 ? SMALLEST : S / Math.log((2 * tau + 1) / (2 * tau - 1));
      if (Math.exp(-w / time) - time / Math.sqrt(w * n)
          < 0) { // statistical against systematic error
        break;
      }
    }
    if (tau < 0.5) {
      // A series that turns back has no exponential decay to find a window by. Sums of neighbouring
      // pairs are positive of the true function: added while they are (Geyer, Statistical Science 7
      // (1992) 473).
      window = 0;
      tau = -0.5;
      double pair = 1 + (length > 1 ? covariance(chains, mean, 1) / variance : 0);
      while (pair > 0) {
        tau += pair;
        window += 2;
        pair =
            window + 1 < length / 2
                ? (covariance(chains, mean, window) + covariance(chains, mean, window + 1))
                    / variance
                : 0;
      }
    }
    double bias = 1 + (2.0 * window + 1) / n; // of the variance, whose mean is not known exactly
    double tauInt = Math.max(tau, 1 / n);
    return new Estimate(
        value,
        Math.sqrt(2 * tauInt * variance * bias / n),
        tauInt,
        tauInt * Math.sqrt(Math.max(0, 4 / n * (window + 0.5 - tauInt))),
        window,
        (long) n,
        chains.length);
  }
}
