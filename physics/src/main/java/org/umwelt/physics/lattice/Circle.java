package org.umwelt.physics.lattice;

/**
 * A ring of sites in one dimension, exactly: from site to site by a matrix over the nodes of one
 * site. Z is the trace of its power.
 */
public final class Circle {
  private final int length;
  private final int nodes;
  private final double[] values;
  private final double[][] powers; // T^t, each [nodes, nodes], over its scale
  private final double logScale; // of T^length

  private Circle(Phi4 action, int length, int nodes) {
    this.length = length;
    this.nodes = nodes;
    double shift = 2 * action.hopping(); // nodes follow the weight with part of the neighbours in
    OneSite site = new OneSite(action.quadratic() - shift, action.quartic());
    GaussNodes gauss = GaussNodes.of(nodes, site.range(), site::logWeight);
    values = gauss.nodes();
    double[] matrix = new double[nodes * nodes];
    for (int i = 0; i < nodes; i++) {
      for (int j = 0; j < nodes; j++) {
        double squares = values[i] * values[i] + values[j] * values[j];
        matrix[i * nodes + j] =
            Math.sqrt(gauss.weights()[i] * gauss.weights()[j])
                * Math.exp(2 * action.hopping() * values[i] * values[j] - shift * squares / 2);
      }
    }
    double largest = 0; // sum of a row, which no power grows beyond
    for (int i = 0; i < nodes; i++) {
      double row = 0;
      for (int j = 0; j < nodes; j++) {
        row += matrix[i * nodes + j];
      }
      largest = Math.max(largest, row);
    }
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] /= largest;
    }
    logScale = length * (gauss.logScale() + Math.log(largest));
    powers = new double[length + 1][nodes * nodes];
    for (int i = 0; i < nodes; i++) {
      powers[0][i * nodes + i] = 1;
    }
    for (int t = 1; t <= length; t++) {
      for (int i = 0; i < nodes; i++) {
        for (int k = 0; k < nodes; k++) {
          double factor = powers[t - 1][i * nodes + k];
          for (int j = 0; j < nodes; j++) {
            powers[t][i * nodes + j] += factor * matrix[k * nodes + j];
          }
        }
      }
    }
  }

  /**
   * Computes its observables.
   *
   * @param action interacting, in one dimension
   * @param length sites, at least 2
   * @param nodes per site
   */
  public static ExactObservables compute(Phi4 action, int length, int nodes) {
    return of(action, length, nodes).compute();
  }

  /**
   * Computes the two-point function.
   *
   * @param action interacting, in one dimension
   * @param length sites, at least 2
   * @param nodes per site
   * @return mean of phi(x) phi(x + t) for t = 0 to length / 2
   */
  public static double[] correlations(Phi4 action, int length, int nodes) {
    Circle circle = of(action, length, nodes);
    double z = circle.trace();
    double[] all = new double[length / 2 + 1];
    for (int t = 0; t < all.length; t++) {
      all[t] = circle.correlation(t) / z;
    }
    return all;
  }

  private static Circle of(Phi4 action, int length, int nodes) {
    if (action.dimensions() != 1 || action.quartic() <= 0 || length < 2) {
      throw new IllegalArgumentException(
          "expected an interacting action in 1 dimension and at least 2 sites, got %s and %d"
              .formatted(action, length));
    }
    return new Circle(action, length, nodes);
  }

  /** Z over its scale. */
  private double trace() {
    double z = 0;
    for (int i = 0; i < nodes; i++) {
      z += powers[length][i * nodes + i];
    }
    return z;
  }

  private ExactObservables compute() {
    double z = trace();
    double phi2 = 0;
    double phi4 = 0;
    for (int i = 0; i < nodes; i++) {
      double weight = powers[length][i * nodes + i];
      double square = values[i] * values[i];
      phi2 += weight * square;
      phi4 += weight * square * square;
    }
    double square = 0; // of M
    for (int t = 0; t < length; t++) {
      square += correlation(t) / z / length;
    }
    return new ExactObservables(
        Math.log(z) + logScale, phi2 / z, phi4 / z, correlation(1) / z, square);
  }

  /** Trace of phi T^t phi T^(length - t). */
  private double correlation(int t) {
    double sum = 0;
    for (int i = 0; i < nodes; i++) {
      for (int j = 0; j < nodes; j++) {
        sum += values[i] * powers[t][i * nodes + j] * values[j] * powers[length - t][j * nodes + i];
      }
    }
    return sum;
  }
}
