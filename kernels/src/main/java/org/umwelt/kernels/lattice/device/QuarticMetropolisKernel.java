package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.array.device.PhiloxKernel;

/**
 * Metropolis updates of the sites of one colour, none of which are neighbours, with weight exp(-S),
 * S = sum of [-2 hopping phi (neighbours) + quadratic phi^2 + quartic phi^4].
 *
 * <p>Words of {@link PhiloxKernel} for counter (site, chain, step) and key (seed): two for the
 * proposal, two for the decision.
 */
public final class QuarticMetropolisKernel {
  private QuarticMetropolisKernel() {}

  /**
   * Updates each site of a colour once, in every chain: phi + width * uniform(-1, 1).
   *
   * @param lo first of chains times colour.length updates
   * @param hi behind the last
   * @param field [chains, sites]
   * @param accepted 1 where the update was accepted, else 0, [chains, colour.length]
   * @param colour sites to update
   * @param neighbours [sites, degree]
   * @param couplings hopping, quadratic, quartic, and the width of proposals
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
      double proposal = PhiloxKernel.uniform(words[0], words[1]);
      double decision = PhiloxKernel.uniform(words[2], words[3]);
      double around = 0;
      for (int k = 0; k < degree; k++) {
        around += field[chain * sites + neighbours[site * degree + k]];
      }
      double old = field[at];
      double next = old + couplings[3] * (2 * proposal - 1);
      double oldSquare = old * old;
      double square = next * next;
      double change =
          (square - oldSquare) * (couplings[1] + couplings[2] * (square + oldSquare))
              - 2 * couplings[0] * around * (next - old);
      boolean accept = decision < Math.exp(-change);
      field[at] = accept ? next : old;
      accepted[i] = accept ? 1 : 0;
    }
  }
}
