package org.umwelt.physics.lattice;

/**
 * The action S = sum over x of [ -2 hopping sum over mu of phi(x) phi(x + mu) + quadratic phi(x)^2
 * + quartic phi(x)^4 ], with weight exp(-S).
 *
 * <table>
 *   <caption>The conventions, d dimensions</caption>
 *   <tr><th>name</th><th>hopping</th><th>quadratic</th><th>quartic</th></tr>
 *   <tr><td>mass (Albergo et al. 1904.12072): squared differences, m2, lambda, no 1/2
 *       anywhere</td><td>1</td><td>2 d + m2</td><td>lambda</td></tr>
 *   <tr><td>textbook: half the squared differences, m2 / 2, g / 4!</td>
 *       <td>1/2</td><td>d + m2 / 2</td><td>g / 24</td></tr>
 *   <tr><td>kappa (Nicoli et al. 2007.07115)</td>
 *       <td>kappa</td><td>1 - 2 lambda</td><td>lambda</td></tr>
 * </table>
 *
 * <p>They differ by the unit of the field, so {@link #scaled} turns one into another.
 *
 * @param dimensions d, 1 to 4
 * @param hopping positive, or 0 for independent sites
 * @param quadratic any number if quartic is positive
 * @param quartic not negative
 */
public record Phi4(int dimensions, double hopping, double quadratic, double quartic) {
  /** Checks that exp(-S) can be normalised. */
  public Phi4 {
    if (dimensions < 1 || dimensions > 4) {
      throw new IllegalArgumentException("expected 1 to 4 dimensions, got " + dimensions);
    }
    if (!(hopping >= 0) || !(quartic >= 0) || !Double.isFinite(hopping + quadratic + quartic)) {
      throw new IllegalArgumentException(
          "expected finite couplings with hopping and quartic not negative, got %s, %s, %s"
              .formatted(hopping, quadratic, quartic));
    }
    if (quartic == 0 && !(quadratic > 2 * dimensions * hopping)) {
      throw new IllegalArgumentException(
          "expected a positive mass squared where the quartic coupling is 0, got %s"
              .formatted(quadratic - 2 * dimensions * hopping));
    }
  }

  /** Returns the action with m2 and lambda, without any 1/2. */
  public static Phi4 mass(int dimensions, double m2, double lambda) {
    return new Phi4(dimensions, 1, 2 * dimensions + m2, lambda);
  }

  /** Returns the textbook's action with m2 and g. */
  public static Phi4 textbook(int dimensions, double m2, double g) {
    return new Phi4(dimensions, 0.5, dimensions + m2 / 2, g / 24);
  }

  /** Returns the action with kappa and lambda. */
  public static Phi4 kappa(int dimensions, double kappa, double lambda) {
    return new Phi4(dimensions, kappa, 1 - 2 * lambda, lambda);
  }

  /**
   * Returns the action of phi' where phi = factor phi'. On V sites log Z = log Z' + V log factor.
   *
   * @param factor positive
   */
  public Phi4 scaled(double factor) {
    double square = factor * factor;
    return new Phi4(dimensions, hopping * square, quadratic * square, quartic * square * square);
  }

  /** Returns the factor that turns this into the convention of {@link #mass}. */
  public double toMass() {
    if (hopping == 0) {
      throw new IllegalArgumentException(
          "expected a positive hopping: independent sites have no mass");
    }
    return 1 / Math.sqrt(hopping);
  }

  /** Returns the factor that turns this into the convention of {@link #kappa}. */
  public double toKappa() {
    // quadratic s^2 = 1 - 2 quartic s^4, solved for s^2 without cancellation.
    double root = Math.sqrt(quadratic * quadratic + 8 * quartic);
    double square = quadratic >= 0 ? 2 / (quadratic + root) : (root - quadratic) / (4 * quartic);
    return Math.sqrt(square);
  }

  /** Returns m2, in the convention of {@link #mass}. */
  public double massSquared() {
    return scaled(toMass()).quadratic - 2 * dimensions;
  }

  /** Returns the action of a field. */
  public double action(Lattice lattice, double[] field) {
    if (lattice.dimensions() != dimensions || lattice.sites() != field.length) {
      throw new IllegalArgumentException(
          "expected a field on %d sites in %d dimensions, got %d numbers for a lattice of %d"
              .formatted(lattice.sites(), dimensions, field.length, lattice.dimensions()));
    }
    double sum = 0;
    for (int x = 0; x < field.length; x++) {
      double phi = field[x];
      double neighbours = 0;
      for (int mu = 0; mu < dimensions; mu++) {
        neighbours += field[lattice.next(x, mu)];
      }
      double square = phi * phi;
      sum += -2 * hopping * phi * neighbours + square * (quadratic + quartic * square);
    }
    return sum;
  }

  /**
   * Writes the derivative of the action by the field at every site.
   *
   * @param force receives dS/dphi
   */
  public void force(Lattice lattice, double[] field, double[] force) {
    for (int x = 0; x < field.length; x++) {
      double neighbours = 0;
      for (int mu = 0; mu < dimensions; mu++) {
        neighbours += field[lattice.next(x, mu)] + field[lattice.previous(x, mu)];
      }
      force[x] = force(field[x], neighbours);
    }
  }

  /**
   * Returns dS/dphi at a site.
   *
   * @param phi the field there
   * @param around sum of the field over its neighbours, 2 d of them
   */
  double force(double phi, double around) {
    return -2 * hopping * around + phi * (2 * quadratic + 4 * quartic * phi * phi);
  }
}
