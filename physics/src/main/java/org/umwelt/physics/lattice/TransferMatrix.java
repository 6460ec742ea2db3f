package org.umwelt.physics.lattice;

import java.util.Arrays;

/**
 * A square lattice, exactly: from row to row by a matrix over all configurations of a row, each
 * site on Gauss nodes. Z is the trace of its power.
 *
 * <p>Time grows as nodes^(2 length): 3 by 3 is instant, 4 by 4 takes seconds, more is out of reach.
 */
public final class TransferMatrix {
  private final int length;
  private final int nodes;
  private final int rows; // configurations of a row, nodes^length
  private final double[] values; // phi at each node
  private final double[] hop; // [nodes, nodes], exp(2 hopping phi phi')
  private final double logScale; // of all sites
  private final double[] half; // by configuration: half of the weight of a row

  /**
   * Prepares it.
   *
   * @param action in two dimensions, interacting
   * @param length L, at least 2
   * @param nodes per site; digits grow with it
   */
  public TransferMatrix(Phi4 action, int length, int nodes) {
    if (action.dimensions() != 2 || action.quartic() <= 0) {
      throw new IllegalArgumentException(
          "expected an interacting action in 2 dimensions, got " + action);
    }
    if (length < 2 || Math.pow(nodes, length) > 1 << 20) {
      throw new IllegalArgumentException(
          "expected a length of at least 2 and at most 2^20 configurations of a row, got %d nodes on %d sites"
              .formatted(nodes, length));
    }
    this.length = length;
    this.nodes = nodes;
    rows = (int) Math.round(Math.pow(nodes, length));
    double shift = 2 * action.hopping(); // nodes follow the weight with part of the neighbours in
    OneSite site = new OneSite(action.quadratic() - shift, action.quartic());
    GaussNodes gauss = GaussNodes.of(nodes, site.range(), site::logWeight);
    values = gauss.nodes();
    logScale = length * length * gauss.logScale();
    hop = new double[nodes * nodes];
    for (int i = 0; i < nodes; i++) {
      for (int j = 0; j < nodes; j++) {
        hop[i * nodes + j] = Math.exp(2 * action.hopping() * values[i] * values[j]);
      }
    }
    half = new double[rows];
    for (int row = 0; row < rows; row++) {
      double exponent = 0;
      double weight = 1;
      for (int i = 0; i < length; i++) {
        double phi = phi(row, i);
        weight *= gauss.weights()[digit(row, i)];
        exponent += 2 * action.hopping() * phi * phi(row, (i + 1) % length) - shift * phi * phi;
      }
      half[row] = Math.sqrt(weight * Math.exp(exponent));
    }
  }

  private int digit(int row, int site) {
    int rest = row;
    for (int i = 0; i < site; i++) {
      rest /= nodes;
    }
    return rest % nodes;
  }

  private double phi(int row, int site) {
    return values[digit(row, site)];
  }

  /** Applies the matrix: half the weight, the hops of every site, half the weight. */
  private double[] apply(double[] vector) {
    double[] now = new double[rows];
    for (int row = 0; row < rows; row++) {
      now[row] = half[row] * vector[row];
    }
    double[] next = new double[rows];
    for (int stride = 1; stride < rows; stride *= nodes) {
      Arrays.fill(next, 0);
      for (int block = 0; block < rows; block += stride * nodes) {
        for (int i = 0; i < nodes; i++) {
          for (int j = 0; j < nodes; j++) {
            double factor = hop[i * nodes + j];
            int to = block + i * stride;
            int from = block + j * stride;
            for (int k = 0; k < stride; k++) {
              next[to + k] += factor * now[from + k];
            }
          }
        }
      }
      double[] swap = now;
      now = next;
      next = swap;
    }
    for (int row = 0; row < rows; row++) {
      now[row] *= half[row];
    }
    return now;
  }

  /** Returns the least configuration that a row becomes by turning it round and changing signs. */
  private int representative(int row) {
    int least = row;
    int turned = row;
    for (int turn = 0; turn < length; turn++) {
      turned = turned / nodes + turned % nodes * (rows / nodes);
      least = Math.min(least, Math.min(turned, rows - 1 - turned));
    }
    return least;
  }

  /** Returns the exact observables and the correlator of rows. */
  public Result compute() {
    int[] orbits = new int[rows];
    for (int row = 0; row < rows; row++) {
      orbits[representative(row)]++;
    }
    double z = 0;
    double phi2 = 0;
    double phi4 = 0;
    double neighbour = 0;
    double[] slices = new double[length / 2 + 1]; // of s(0) s(t), s the sum of a row
    double[] sums = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < length; i++) {
        sums[row] += phi(row, i);
      }
    }
    for (int row = 0; row < rows; row++) {
      if (orbits[row] == 0) {
        continue;
      }
      double[][] powers = new double[length][]; // T^t on this row alone
      powers[0] = new double[rows];
      powers[0][row] = 1;
      for (int t = 1; t < length; t++) {
        powers[t] = apply(powers[t - 1]);
      }
      double weight = orbits[row] * dot(powers[length / 2], powers[length - length / 2], null);
      z += weight;
      for (int i = 0; i < length; i++) {
        double square = phi(row, i) * phi(row, i);
        phi2 += weight * square / length;
        phi4 += weight * square * square / length;
        neighbour += weight * phi(row, i) * phi(row, (i + 1) % length) / length;
      }
      slices[0] += weight * sums[row] * sums[row];
      for (int t = 1; t <= length / 2; t++) {
        slices[t] += orbits[row] * sums[row] * dot(powers[t], powers[length - t], sums);
      }
    }
    double total = 0; // of s(0) s(t) over all t
    double[] correlator = new double[slices.length];
    for (int t = 0; t < length; t++) {
      total += slices[Math.min(t, length - t)] / z;
    }
    for (int t = 0; t < slices.length; t++) {
      correlator[t] = slices[t] / z / (length * length);
    }
    double sites = (double) length * length;
    return new Result(
        new ExactObservables(
            Math.log(z) + logScale,
            phi2 / z,
            phi4 / z,
            neighbour / z,
            total * length / (sites * sites)),
        correlator);
  }

  private static double dot(
      double[] x, double[] y, double @org.jspecify.annotations.Nullable [] factors) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i] * (factors == null ? 1 : factors[i]);
    }
    return sum;
  }

  /**
   * What is exact of a square lattice.
   *
   * @param observables of the sites
   * @param correlator mean of s(0) s(t) for t = 0 to L / 2, s(t) the mean over row t
   */
  public record Result(ExactObservables observables, double[] correlator) {}
}
