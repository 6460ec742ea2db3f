package org.umwelt.physics.statistics;

/**
 * The autocorrelation function of a series with its errors, and the time that sums it up.
 *
 * @param rho Gamma(t) / Gamma(0) for t = 0 on, in measurements; NaN where the series is constant
 * @param errors standard error of each
 * @param mean of the series, with the integrated autocorrelation time and its window
 */
public record Autocorrelation(double[] rho, double[] errors, Estimate mean) {
  private static final int WINDOWS = 2; // that are shown

  /**
   * Estimates it, up to twice the window of the autocorrelation time.
   *
   * @param least separations in any case, where the series is long enough
   * @param most separations
   * @param chains one series of at least 2 measurements per chain, all of one length
   */
  public static Autocorrelation of(int least, int most, double[]... chains) {
    Estimate mean = GammaMethod.mean(chains);
    int upTo =
        Math.min(Math.clamp((long) WINDOWS * mean.window(), least, most), chains[0].length - 1);
    double[] rho = GammaMethod.autocorrelation(upTo, chains);
    return new Autocorrelation(rho, errors(rho, mean.window(), mean.samples()), mean);
  }

  /**
   * Returns the errors of an autocorrelation function: M. Luescher, hep-lat/0409106, eq. (E.11),
   * the function taken as 0 behind its end and the sum cut off a window from t.
   *
   * @param window behind which nothing is correlated any more
   * @param samples measurements in all chains
   */
  static double[] errors(double[] rho, int window, long samples) {
    double[] errors = new double[rho.length];
    for (int t = 0; t < rho.length; t++) {
      double sum = 0;
      for (int k = Math.max(1, t - window); k <= t + window; k++) {
        double term = at(rho, k + t) + at(rho, Math.abs(k - t)) - 2 * rho[t] * at(rho, k);
        sum += term * term;
      }
      errors[t] = Math.sqrt(sum / samples);
    }
    return errors;
  }

  private static double at(double[] rho, int t) {
    return t < rho.length ? rho[t] : 0;
  }
}
