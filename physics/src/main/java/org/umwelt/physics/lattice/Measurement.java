package org.umwelt.physics.lattice;

/**
 * What is measured of one field.
 *
 * @param magnetisation M, the mean over the sites
 * @param phi2 mean of phi^2
 * @param phi4 mean of phi^4
 * @param neighbour mean of phi(x) phi(x + mu) over sites and directions
 * @param schwingerDyson mean of phi(x) dS/dphi(x + mu), which is 0 on average: the identity of
 *     Schwinger and Dyson for neighbours, where {@link #virial} is that for one site
 */
public record Measurement(
    double magnetisation, double phi2, double phi4, double neighbour, double schwingerDyson) {
  /** Measures the field of a chain. */
  public static Measurement of(Chains chains, int chain) {
    Lattice lattice = chains.lattice();
    Phi4 action = chains.action();
    double[] fields = chains.fields();
    int[] neighbours = chains.neighbours();
    int sites = lattice.sites();
    int degree = 2 * lattice.dimensions();
    int from = chain * sites;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    double links = 0;
    double forces = 0;
    for (int site = 0; site < sites; site++) {
      double phi = fields[from + site];
      double around = 0;
      for (int k = 0; k < degree; k++) {
        around += fields[from + neighbours[site * degree + k]];
      }
      double square = phi * phi;
      sum += phi;
      squares += square;
      fourths += square * square;
      links += phi * around;
      forces += around * action.force(phi, around);
    }
    double all = (double) sites * degree; // every link from both ends
    return new Measurement(
        sum / sites, squares / sites, fourths / sites, links / all, forces / all);
  }

  /** Reads it where it stands among the numbers of {@link Observables#measure}. */
  public static Measurement read(double[] measured, int from) {
    return new Measurement(
        measured[from],
        measured[from + 1],
        measured[from + 2],
        measured[from + 3],
        measured[from + 4]);
  }

  /** Returns the action per site. */
  public double actionDensity(Phi4 action) {
    return -2 * action.hopping() * action.dimensions() * neighbour
        + action.quadratic() * phi2
        + action.quartic() * phi4;
  }

  /** Returns 2 S_2 + 4 S_4 per site, whose mean is 1 for every action. */
  public double virial(Phi4 action) {
    return 2 * actionDensity(action) + 2 * action.quartic() * phi4;
  }
}
