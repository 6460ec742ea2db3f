package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.array.device.PhiloxKernel;

/**
 * Independent normal numbers, mean 0 and variance 1: Box, Muller, Ann. Math. Stat. 29 (1958) 610.
 *
 * <p>The block of {@link PhiloxKernel} for counter (pair, chain, step) and key (seed) gives the
 * numbers of two sites, pair and pair + pairs.
 */
public final class NormalKernel {
  private static final double TWO_PI = 6.283185307179586;

  private NormalKernel() {}

  /**
   * Draws a number for every site of every chain.
   *
   * @param lo first of chains times pairs
   * @param hi behind the last
   * @param out [chains, sites]
   * @param place seed (2 words, low first), step (2 words)
   * @param pairs half the sites, rounded up
   */
  public static void draw(
      int lo, int hi, @Written double[] out, int[] place, int pairs, int sites) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      int chain = i / pairs;
      int pair = i - chain * pairs;
      int[] words = new int[4];
      PhiloxKernel.block(pair, chain, place[2], place[3], place[0], place[1], words, 0);
      double radius = Math.sqrt(-2 * Math.log(1 - PhiloxKernel.uniform(words[0], words[1])));
      double angle = TWO_PI * PhiloxKernel.uniform(words[2], words[3]);
      out[chain * sites + pair] = radius * Math.cos(angle);
      if (pair + pairs < sites) {
        out[chain * sites + pair + pairs] = radius * Math.sin(angle);
      }
    }
  }
}
