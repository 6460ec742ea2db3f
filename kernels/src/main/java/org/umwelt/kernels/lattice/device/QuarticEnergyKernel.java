package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;

/** H = momentum^2 / 2 + S of every chain in partial sums, S as in the Metropolis kernel. */
public final class QuarticEnergyKernel {
  private QuarticEnergyKernel() {}

  /**
   * Writes numbers whose sum over a chain is its H; which sites are in which is not said, but
   * always the same.
   *
   * @param lo first of chains times parts
   * @param hi behind the last
   * @param energies [chains, parts]
   * @param momentum [chains, sites]
   * @param field [chains, sites]
   * @param shape length of each dimension, the last one fastest
   * @param couplings hopping, quadratic, quartic
   */
  public static void energy(
      int lo,
      int hi,
      @Written double[] energies,
      double[] momentum,
      double[] field,
      int[] shape,
      double[] couplings,
      int parts,
      int sites,
      int dimensions) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int chain = i / parts;
      int first = chain * sites;
      double sum = 0;
      for (int site = i - chain * parts; site < sites; site += parts) {
        double around = QuarticKickKernel.around(field, first, site, shape, dimensions);
        double phi = field[first + site];
        double square = phi * phi;
        double p = momentum[first + site];
        // Every link is in the sums of both its ends.
        sum +=
            p * p / 2
                + (square * (couplings[1] + couplings[2] * square) - couplings[0] * phi * around);
      }
      energies[i] = sum;
    }
  }
}
