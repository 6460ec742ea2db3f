package org.umwelt.physics.lattice;

/**
 * The field without interaction, exactly: modes are independent, and their eigenvalues are 2
 * quadratic - 4 hopping sum over mu of cos k(mu), with S = sum over k of eigenvalue |phi(k)|^2 / 2.
 */
public final class FreeField {
  private final Lattice lattice;
  private final double[] eigenvalues;

  /**
   * Creates it.
   *
   * @param action with quartic coupling 0
   */
  public FreeField(Lattice lattice, Phi4 action) {
    if (action.quartic() != 0 || action.dimensions() != lattice.dimensions()) {
      throw new IllegalArgumentException(
          "expected a quartic coupling of 0 and %d dimensions, got %s"
              .formatted(lattice.dimensions(), action));
    }
    this.lattice = lattice;
    eigenvalues = new double[lattice.sites()];
    for (int k = 0; k < eigenvalues.length; k++) {
      double cosines = 0;
      for (int mu = 0; mu < lattice.dimensions(); mu++) {
        cosines += Math.cos(2 * Math.PI * lattice.coordinate(k, mu) / lattice.length(mu));
      }
      eigenvalues[k] = 2 * action.quadratic() - 4 * action.hopping() * cosines;
    }
  }

  /** Returns the logarithm of the integral of exp(-S). */
  public double logPartitionFunction() {
    double sum = 0;
    for (double eigenvalue : eigenvalues) {
      sum += Math.log(2 * Math.PI / eigenvalue) / 2;
    }
    return sum;
  }

  /** Returns the mean of phi(0) phi(x). */
  public double correlation(int... x) {
    double sum = 0;
    for (int k = 0; k < eigenvalues.length; k++) {
      double phase = 0;
      for (int mu = 0; mu < x.length; mu++) {
        phase += 2 * Math.PI * lattice.coordinate(k, mu) * x[mu] / lattice.length(mu);
      }
      sum += Math.cos(phase) / eigenvalues[k];
    }
    return sum / eigenvalues.length;
  }

  /** Returns the mean square of M, the mean of the field over the sites. */
  public double magnetisationSquared() {
    return 1 / (eigenvalues[0] * eigenvalues.length);
  }

  /**
   * Returns the mean change of energy in one trajectory of leapfrog steps from the half kick, unit
   * masses.
   *
   * @param step eps, such that eps^2 times the largest eigenvalue is below 4
   */
  public double leapfrogEnergyChange(double step, int steps) {
    double sum = 0;
    for (double eigenvalue : eigenvalues) {
      double angle = Math.acos(1 - step * step * eigenvalue / 2);
      double square = 1 - step * step * eigenvalue / 4; // r^2
      double sine = Math.sin(steps * angle);
      sum += sine * sine * (1 - square) * (1 - square) / square / 2;
    }
    return sum;
  }
}
