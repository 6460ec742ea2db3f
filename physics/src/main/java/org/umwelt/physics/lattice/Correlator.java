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
    Lattice lattice = chains.lattice();
    int length = lattice.length(mu);
    int sites = lattice.sites();
    double[] slice = new double[length];
    for (int site = 0; site < sites; site++) {
      slice[lattice.coordinate(site, mu)] += chains.fields()[chain * sites + site] * length / sites;
    }
    double[] correlator = new double[length / 2 + 1];
    for (int t = 0; t < correlator.length; t++) {
      for (int from = 0; from < length; from++) {
        correlator[t] += slice[from] * slice[(from + t) % length] / length;
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
    int sites = lattice.sites();
    double sum = 0;
    int directions = 0;
    for (int mu = 0; mu < lattice.dimensions(); mu++) {
      int length = lattice.length(mu);
      if (length != lattice.length(0)) {
        continue;
      }
      double real = 0;
      double imaginary = 0;
      for (int site = 0; site < sites; site++) {
        double angle = 2 * Math.PI * lattice.coordinate(site, mu) / length;
        double phi = chains.fields()[chain * sites + site];
        real += phi * Math.cos(angle);
        imaginary += phi * Math.sin(angle);
      }
      sum += (real * real + imaginary * imaginary) / sites;
      directions++;
    }
    return sum / directions;
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
