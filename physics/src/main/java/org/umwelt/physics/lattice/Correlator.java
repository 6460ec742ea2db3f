package org.umwelt.physics.lattice;

/** What a field says of distances: measured once per field, means over chains come later. */
public final class Correlator {
  private Correlator() {}

  /**
   * Returns the correlator of slices: the mean over t0 of s(t0) s(t0 + t), s the mean of the field
   * over a slice.
   *
   * @param mu direction of t
   * @return for t = 0 to length / 2
   */
  public static double[] slices(Chains chains, int chain, int mu) {
    return ofSlices(sliceMeans(chains, chain, mu));
  }

  /**
   * Returns the means of the field over its slices.
   *
   * @param mu direction the slices are orthogonal to
   * @return one for each of its sites
   */
  static double[] sliceMeans(Chains chains, int chain, int mu) {
    Lattice lattice = chains.lattice();
    double[] fields = chains.fields();
    int length = lattice.length(mu);
    int sites = lattice.sites();
    int together = lattice.stride(mu); // neighbouring sites of one slice
    double[] means = new double[length];
    int at = chain * sites;
    for (int block = 0; block < sites / (length * together); block++) {
      for (int t = 0; t < length; t++) {
        double sum = 0;
        for (int i = 0; i < together; i++) {
          sum += fields[at++];
        }
        means[t] += sum;
      }
    }
    for (int t = 0; t < length; t++) {
      means[t] *= (double) length / sites;
    }
    return means;
  }

  /** Returns the correlator of slices from their means. */
  static double[] ofSlices(double[] means) {
    int length = means.length;
    double[] correlator = new double[length / 2 + 1];
    for (int t = 0; t < correlator.length; t++) {
      for (int from = 0; from < length; from++) {
        correlator[t] += means[from] * means[(from + t) % length] / length;
      }
    }
    return correlator;
  }

  /**
   * Returns |phi(k)|^2 / V at the smallest momentum, the mean over the directions that have the
   * length of the first.
   */
  public static double structureFactor(Chains chains, int chain) {
    Lattice lattice = chains.lattice();
    double sum = 0;
    int directions = 0;
    for (int mu = 0; mu < lattice.dimensions(); mu++) {
      if (lattice.length(mu) == lattice.length(0)) {
        sum += structureFactor(sliceMeans(chains, chain, mu), lattice.sites());
        directions++;
      }
    }
    return sum / directions;
  }

  /**
   * Returns |phi(k)|^2 / V at the smallest momentum of a direction from the means of its slices.
   */
  static double structureFactor(double[] means, int sites) {
    double real = 0;
    double imaginary = 0;
    for (int t = 0; t < means.length; t++) {
      double angle = 2 * Math.PI * t / means.length;
      real += means[t] * Math.cos(angle);
      imaginary += means[t] * Math.sin(angle);
    }
    double perSlice = (double) sites / means.length;
    return (real * real + imaginary * imaginary) * perSlice * perSlice / sites;
  }

  /**
   * Returns the effective mass at a distance: arccosh((C(t - 1) + C(t + 1)) / (2 C(t))), around the
   * lattice; NaN where noise makes the ratio less than 1.
   *
   * @param correlator of {@link #slices}
   * @param t 1 to length / 2 - 1, or length / 2 if the length is even
   */
  public static double effectiveMass(double[] correlator, int length, int t) {
    double before = correlator[t - 1];
    double after = t + 1 < correlator.length ? correlator[t + 1] : correlator[length - t - 1];
    double ratio = (before + after) / (2 * correlator[t]);
    return Math.log(ratio + Math.sqrt(ratio * ratio - 1));
  }

  /**
   * Returns the mean of the effective masses at 1 to length - 1, the estimator of arXiv 2207.00283;
   * NaN where one of them is.
   *
   * @param correlator of {@link #slices}
   */
  public static double meanMass(double[] correlator, int length) {
    double sum = 0;
    for (int t = 1; t < length; t++) {
      sum += effectiveMass(correlator, length, Math.min(t, length - t));
    }
    return sum / (length - 1);
  }

  /**
   * Returns the second-moment correlation length: sqrt(chi / F - 1) / (2 sin(pi / L)).
   *
   * @param susceptibility V times the mean of M^2
   * @param structureFactor mean of {@link #structureFactor}
   */
  public static double secondMomentLength(
      double susceptibility, double structureFactor, int length) {
    return Math.sqrt(susceptibility / structureFactor - 1) / (2 * Math.sin(Math.PI / length));
  }
}
