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
   * @param lo first of chains times rows times half a row, rounded down
   * @param hi behind the last
   * @param field [chains, sites]
   * @param accepted 1 where a reflection was accepted, else 0, [chains, rows, half a row]
   * @param shape length of each dimension, the last one fastest
   * @param couplings hopping, quadratic, not 0, and quartic
   * @param place seed (2 words, low first), step (2 words)
   * @param colour which, below colours, as in {@link QuarticMetropolisKernel}
   */
  public static void update(
      int lo,
      int hi,
      @Written double[] field,
      @Written int[] accepted,
      int[] shape,
      double[] couplings,
      int[] place,
      int colour,
      int colours,
      int sites,
      int dimensions) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int perChain = sites / shape[dimensions - 1] * (shape[dimensions - 1] / 2);
      int chain = i / perChain;
      int site =
          QuarticMetropolisKernel.site(i - chain * perChain, shape, colour, colours, dimensions);
      int count = 0;
      if (site >= 0) {
        int first = chain * sites;
        int[] words = new int[4];
        PhiloxKernel.block(site, chain, place[2], place[3], place[0], place[1], words, 0);
        double decision = PhiloxKernel.uniform(words[2], words[3]);
        double around = QuarticKickKernel.around(field, first, site, shape, dimensions);
        double old = field[first + site];
        double next = 2 * couplings[0] * around / couplings[1] - old;
        double oldSquare = old * old;
        double square = next * next;
        double change = couplings[2] * (square * square - oldSquare * oldSquare);
        boolean accept = decision < Math.exp(-change);
        field[first + site] = accept ? next : old;
        count = accept ? 1 : 0;
      }
      accepted[i] = count;
    }
  }
}
