package org.umwelt.physics.lattice;

/**
 * A lattice of length 2 in every dimension, exactly, where neighbours on both sides are the same
 * site: the sum over the two halves of the cube, each site on Gauss nodes.
 */
public final class Hypercube {
  private Hypercube() {}

  /**
   * Computes its observables.
   *
   * @param action interacting, in 2 to 4 dimensions
   * @param nodes per site; time and memory grow as nodes^(2^(d - 1))
   */
  public static ExactObservables compute(Phi4 action, int nodes) {
    int sites = 1 << (action.dimensions() - 1); // of a half
    double shift = 2 * action.hopping();
    OneSite site = new OneSite(action.quadratic() - shift, action.quartic());
    GaussNodes gauss = GaussNodes.of(nodes, site.range(), site::logWeight);
    double[] values = gauss.nodes();
    int count = 1;
    for (int i = 0; i < sites; i++) {
      count = Math.multiplyExact(count, nodes);
    }
    double[] weights = new double[count]; // of a half: its sites and the links within
    double[] sums = new double[count];
    int[] digits = new int[sites];
    for (int row = 0; row < count; row++) {
      int rest = row;
      for (int i = 0; i < sites; i++) {
        digits[i] = rest % nodes;
        rest /= nodes;
      }
      double weight = 1;
      double exponent = 0;
      for (int i = 0; i < sites; i++) {
        double phi = values[digits[i]];
        weight *= gauss.weights()[digits[i]];
        exponent -= shift * phi * phi;
        sums[row] += phi;
        for (int mu = 0; mu < action.dimensions() - 1; mu++) {
          exponent += 2 * action.hopping() * phi * values[digits[i ^ (1 << mu)]];
        }
      }
      weights[row] = weight * Math.exp(exponent);
    }
    double[] hop = new double[nodes * nodes];
    for (int i = 0; i < nodes; i++) {
      for (int j = 0; j < nodes; j++) {
        hop[i * nodes + j] = Math.exp(4 * action.hopping() * values[i] * values[j]);
      }
    }
    double[] other = multiply(weights, hop, nodes); // what the other half weighs, by this half
    double[] weightedSums = new double[count];
    for (int row = 0; row < count; row++) {
      weightedSums[row] = weights[row] * sums[row];
    }
    double[] otherSums = multiply(weightedSums, hop, nodes);
    double[] hopPhi = hop.clone();
    for (int i = 0; i < nodes; i++) {
      for (int j = 0; j < nodes; j++) {
        hopPhi[i * nodes + j] *= values[i] * values[j];
      }
    }
    double[] linked = multiply(weights, hop, hopPhi, nodes); // phi of the first sites of both
    double z = 0;
    double phi2 = 0;
    double phi4 = 0;
    double link = 0;
    double square = 0;
    for (int row = 0; row < count; row++) {
      double weight = weights[row] * other[row];
      double phi = values[row % nodes];
      z += weight;
      phi2 += weight * phi * phi;
      phi4 += weight * phi * phi * phi * phi;
      link += weights[row] * linked[row];
      // (s + s')^2 = s^2 + s'^2 + 2 s s', halves alike.
      square += 2 * weight * sums[row] * sums[row] + 2 * weightedSums[row] * otherSums[row];
    }
    double all = 2.0 * sites;
    return new ExactObservables(
        Math.log(z) + 2 * sites * gauss.logScale(),
        phi2 / z,
        phi4 / z,
        link / z,
        square / z / (all * all));
  }

  private static double[] multiply(double[] vector, double[] hop, int nodes) {
    return multiply(vector, hop, hop, nodes);
  }

  /** Multiplies every site by a matrix, the first site by another one. */
  private static double[] multiply(double[] vector, double[] hop, double[] first, int nodes) {
    double[] now = vector;
    for (int stride = 1; stride < vector.length; stride *= nodes) {
      double[] matrix = stride == 1 ? first : hop;
      double[] next = new double[vector.length];
      for (int block = 0; block < vector.length; block += stride * nodes) {
        for (int i = 0; i < nodes; i++) {
          for (int j = 0; j < nodes; j++) {
            double factor = matrix[i * nodes + j];
            int to = block + i * stride;
            int from = block + j * stride;
            for (int k = 0; k < stride; k++) {
              next[to + k] += factor * now[from + k];
            }
          }
        }
      }
      now = next;
    }
    return now;
  }
}
