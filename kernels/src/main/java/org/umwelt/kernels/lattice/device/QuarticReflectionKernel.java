package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.array.device.PhiloxKernel;

/**
 * Over-relaxation of the sites of one colour: each is reflected about the minimum of its quadratic
 * part, which leaves that as it is, and the rest decides; S as in {@link QuarticMetropolisKernel}.
 */
public final class QuarticReflectionKernel {
  private QuarticReflectionKernel() {}

  /**
   * Reflects each site of a colour once, in every chain: phi to b / c - phi, b = 2 hopping
   * (neighbours), c = quadratic.
   *
   * @param field [chains, sites]
   * @param accepted 1 where the reflection was accepted, else 0, [chains, colour.length]
   * @param colour sites to reflect
   * @param neighbours [sites, degree]
   * @param couplings hopping, quadratic, not 0, and quartic
   * @param place seed (2 words, low first), step (2 words)
   */
  public static void update(
      int lo,
      int hi,
      @Written double[] field,
      @Written int[] accepted,
      int[] colour,
      int[] neighbours,
      double[] couplings,
      int[] place,
      int count,
      int sites,
      int degree) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int chain = i / count;
      int site = colour[i - chain * count];
      int at = chain * sites + site;
      int[] words = new int[4];
      PhiloxKernel.block(site, chain, place[2], place[3], place[0], place[1], words, 0);
      double decision = PhiloxKernel.uniform(words[0], words[1]);
      double around = 0;
      for (int k = 0; k < degree; k++) {
        around += field[chain * sites + neighbours[site * degree + k]];
      }
      double old = field[at];
      double next = 2 * couplings[0] * around / couplings[1] - old;
      double change = couplings[2] * (next * next * next * next - old * old * old * old);
      boolean accept = decision < Math.exp(-change);
      field[at] = accept ? next : old;
      accepted[i] = accept ? 1 : 0;
    }
  }
}
