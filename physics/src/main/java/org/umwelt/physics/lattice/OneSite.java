package org.umwelt.physics.lattice;

/**
 * One site alone: weight exp(-a x^2 - lambda x^4), by the trapezoidal rule, which converges
 * exponentially for such integrals.
 */
public final class OneSite {
  private static final int POINTS = 4000;
  private static final double LEAST_WEIGHT = 745; // exp of minus this is 0

  private final double a;
  private final double lambda;
  private final double range;
  private final double least; // of the exponent

  /**
   * Creates it.
   *
   * @param a any number, positive where lambda is 0
   * @param lambda not negative
   */
  public OneSite(double a, double lambda) {
    if (!(lambda > 0 || (lambda == 0 && a > 0))) {
      throw new IllegalArgumentException(
          "expected lambda > 0, or 0 with a > 0, got a=%s, lambda=%s".formatted(a, lambda));
    }
    this.a = a;
    this.lambda = lambda;
    least = a < 0 ? -a * a / (4 * lambda) : 0;
    double to = Math.max(1, Math.sqrt(lambda > 0 ? Math.max(0, -a / (2 * lambda)) : 0)); // a well
    while (a * to * to + lambda * to * to * to * to - least < LEAST_WEIGHT) {
      to *= 1.1;
    }
    range = to;
  }

  /** Returns how far from 0 the weight is larger than nothing in double precision. */
  double range() {
    return range;
  }

  /** Returns the logarithm of the weight. */
  double logWeight(double x) {
    return -(a + lambda * x * x) * x * x;
  }

  private double integral(int power) {
    double step = 2 * range / POINTS;
    double sum = 0;
    for (int i = 0; i <= POINTS; i++) {
      double x = i * step - range;
      sum += Math.pow(x, power) * Math.exp(logWeight(x) + least);
    }
    return sum * step;
  }

  /** Returns the logarithm of the integral of the weight. */
  public double logPartitionFunction() {
    return Math.log(integral(0)) - least;
  }

  /** Returns the mean of x to a power. */
  public double moment(int power) {
    return integral(power) / integral(0);
  }
}
