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
   * @param shape length of each dimension, the last one fastest
   * @param couplings hopping, quadratic, quartic
   * @param step the length of the kick, alone in its array
   */
  public static void kick(
      int lo,
      int hi,
      @Written double[] momentum,
      double[] field,
      int[] shape,
      double[] couplings,
      double[] step,
      int sites,
      int dimensions) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int chain = i / sites;
      int site = i - chain * sites;
      double around = around(field, chain * sites, site, shape, dimensions);
      double phi = field[i];
      momentum[i] =
          momentum[i]
              - step[0]
                  * (phi * (2 * couplings[1] + 4 * couplings[2] * phi * phi)
                      - 2 * couplings[0] * around);
    }
  }

  /**
   * Returns the sum of the neighbours of a site: the pair of the last dimension, and the pairs of
   * the others added to it.
   *
   * @param first where the chain begins
   */
  public static double around(double[] field, int first, int site, int[] shape, int dimensions) {
    double sum = 0;
    int above = site;
    int stride = 1;
    for (int mu = dimensions - 1; mu >= 0; mu--) {
      int length = shape[mu];
      int next = above / length;
      int x = above - next * length;
      int wrap = (length - 1) * stride;
      sum +=
          field[first + (x == length - 1 ? site - wrap : site + stride)]
              + field[first + (x == 0 ? site + wrap : site - stride)];
      above = next;
      stride = stride * length;
    }
    return sum;
  }
}
