package org.umwelt.physics.statistics;

import java.util.Locale;

/**
 * A mean over Markov chains.
 *
 * @param value the mean, or a function of means
 * @param error its standard error, autocorrelation included
 * @param tauInt integrated autocorrelation time in measurements, 1/2 for independent ones
 * @param tauIntError its standard error
 * @param window separations that were summed over
 * @param samples measurements in all chains
 * @param chains how many chains
 */
public record Estimate(
    double value,
    double error,
    double tauInt,
    double tauIntError,
    int window,
    long samples,
    int chains) {

  /** Measurements per autocorrelation time that each chain needs before its error means much. */
  public static final int LEAST_TIMES = 100;

  private static final double INDEPENDENT = 0.5; // autocorrelation time of independent samples

  /** Returns how many independent samples would give the same error: samples / (2 tauInt). */
  public double effectiveSampleSize() {
    return samples / (2 * tauInt);
  }

  /**
   * Returns whether the chains are long enough for their autocorrelation time, {@value
   * #LEAST_TIMES} times it and that of independent measurements: where they are not, time and error
   * are probably underestimated.
   */
  public boolean converged() {
    return (double) samples / chains >= LEAST_TIMES * Math.max(tauInt, INDEPENDENT);
  }

  /**
   * Returns the value with its error in brackets, in units of the last digit, as in {@code
   * 0.02951(24)}.
   */
  public String concise() {
    return concise(value, error);
  }

  /** Returns the autocorrelation time with its error in brackets. */
  public String conciseTime() {
    return concise(tauInt, tauIntError);
  }

  private static String concise(double value, double error) {
    if (!(error > 0) || !Double.isFinite(value) || !Double.isFinite(error)) {
      return String.format(Locale.ROOT, "%.6g", value);
    }
    int digits = 1 - (int) Math.floor(Math.log10(error)); // behind the point, for two of the error
    if (Math.rint(error * Math.pow(10, digits)) >= 100) {
      digits--;
    }
    if (digits <= 0) {
      return String.format(Locale.ROOT, "%.0f(%.0f)", value, error);
    }
    String bracket =
        error < 1
            ? String.format(Locale.ROOT, "%.0f", error * Math.pow(10, digits))
            : String.format(Locale.ROOT, "%." + digits + "f", error);
    return String.format(Locale.ROOT, "%." + digits + "f(%s)", value, bracket);
  }

  /** Returns how many standard errors the value is from an exact one; 0 where both agree fully. */
  public double pull(double exact) {
    return value == exact ? 0 : (value - exact) / error;
  }
}
