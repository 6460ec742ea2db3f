package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;

/** A kick of a symplectic integrator: momentum - step * dS/dphi, S as in the Metropolis kernel. */
public final class QuarticKickKernel {
  private QuarticKickKernel() {}

  /**
   * Kicks every site of every chain.
   *
   * @param lo first of chains times sites
   * @param hi behind the last
   * @param momentum [chains, sites]
   * @param field [chains, sites]
   * @param neighbours [sites, degree]
   * @param couplings hopping, quadratic, quartic
   * @param step the length of the kick, alone in its array
   */
  public static void kick(
      int lo,
      int hi,
      @Written double[] momentum,
      double[] field,
      int[] neighbours,
      double[] couplings,
      double[] step,
      int sites,
      int degree) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int chain = i / sites;
      int site = i - chain * sites;
      double around = 0;
      for (int k = 0; k < degree; k++) {
        around += field[chain * sites + neighbours[site * degree + k]];
      }
      double phi = field[i];
      momentum[i] =
          momentum[i]
              - step[0]
                  * (phi * (2 * couplings[1] + 4 * couplings[2] * phi * phi)
                      - 2 * couplings[0] * around);
    }
  }
}
