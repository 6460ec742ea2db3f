package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;

/**
 * A kick and the drift behind it in one walk through memory; what {@link QuarticKickKernel} and
 * {@link DriftKernel} do one after the other, with the drifted field in another array, since
 * neighbours are still to be kicked.
 */
public final class QuarticLeapfrogKernel {
  private QuarticLeapfrogKernel() {}

  /**
   * Kicks and drifts every site of every chain.
   *
   * @param lo first of chains times sites
   * @param hi behind the last
   * @param momentum [chains, sites], kicked
   * @param drifted [chains, sites], receives field + drift * momentum
   * @param field [chains, sites], left alone
   * @param shape length of each dimension, the last one fastest
   * @param couplings hopping, quadratic, quartic
   * @param steps the lengths of the kick and of the drift
   */
  public static void leapfrog(
      int lo,
      int hi,
      @Written double[] momentum,
      @Written double[] drifted,
      double[] field,
      int[] shape,
      double[] couplings,
      double[] steps,
      int sites,
      int dimensions) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int chain = i / sites;
      int site = i - chain * sites;
      double around = QuarticKickKernel.around(field, chain * sites, site, shape, dimensions);
      double phi = field[i];
      double kicked =
          momentum[i]
              - steps[0]
                  * (phi * (2 * couplings[1] + 4 * couplings[2] * phi * phi)
                      - 2 * couplings[0] * around);
      momentum[i] = kicked;
      drifted[i] = phi + steps[1] * kicked;
    }
  }
}
