package org.umwelt.physics.statistics;

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

  /** Returns how many independent samples would give the same error: samples / (2 tauInt). */
  public double effectiveSampleSize() {
    return samples / (2 * tauInt);
  }

  /**
   * Returns whether the chains are long enough for their autocorrelation time, {@value
   * #LEAST_TIMES} times it: where they are not, time and error are probably underestimated.
   */
  public boolean converged() {
    return (double) samples / chains >= LEAST_TIMES * tauInt;
  }

  /** Returns how many standard errors the value is from an exact one; 0 where both agree fully. */
  public double pull(double exact) {
    return value == exact ? 0 : (value - exact) / error;
  }
}
