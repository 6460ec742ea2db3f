package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;
import org.umwelt.kernels.array.device.PhiloxKernel;

/**
 * Exact heat bath of the sites of one colour, by rejection; S as in {@link
 * QuarticMetropolisKernel}.
 *
 * <p>The weight of a site is exp(-c phi^2 - quartic phi^4 + b phi), b = 2 hopping (neighbours). A
 * normal number with exp(-c' phi^2 + b phi) is accepted with exp(-quartic (phi^2 - (c' - c) / (2
 * quartic))^2), which is exact for any c' > 0; the one taken accepts most: the root of c'^2 (c' -
 * c) = quartic (c' + b^2 / 2).
 */
public final class QuarticHeatBathKernel {
  private static final double TWO_PI = 6.283185307179586;
  private static final int NEWTON = 12;

  private QuarticHeatBathKernel() {}

  /**
   * Draws each site of a colour anew, in every chain.
   *
   * @param lo first of chains times rows times half a row, rounded down
   * @param hi behind the last
   * @param field [chains, sites]
   * @param attempts how many numbers were drawn for each, [chains, rows, half a row]
   * @param shape length of each dimension, the last one fastest
   * @param couplings hopping, quadratic, quartic
   * @param place seed (2 words, low first), step (1 word)
   * @param colour which, below colours, as in {@link QuarticMetropolisKernel}
   */
  public static void update(
      int lo,
      int hi,
      @Written double[] field,
      @Written int[] attempts,
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
      int attempt = 0;
      if (site >= 0) {
        int first = chain * sites;
        double around = QuarticKickKernel.around(field, first, site, shape, dimensions);
        double b = 2 * couplings[0] * around;
        double c = couplings[1];
        double quartic = couplings[2];
        // From above the root, Newton's steps never pass it.
        double width = Math.max(c, 0) + Math.sqrt(quartic) + Math.pow(quartic * b * b / 2, 1.0 / 3);
        for (int step = 0; step < NEWTON; step++) {
          double value = width * width * (width - c) - quartic * (width + b * b / 2);
          double slope = 3 * width * width - 2 * c * width - quartic;
          width = width - (slope > 0 ? value / slope : 0);
        }
        int[] words = new int[4];
        double phi = 0;
        boolean accepted = false;
        while (!accepted) {
          PhiloxKernel.block(site, chain, place[2], 2 * attempt, place[0], place[1], words, 0);
          double radius = 1 - PhiloxKernel.uniform(words[0], words[1]);
          double angle = PhiloxKernel.uniform(words[2], words[3]);
          PhiloxKernel.block(site, chain, place[2], 2 * attempt + 1, place[0], place[1], words, 0);
          double decision = PhiloxKernel.uniform(words[0], words[1]);
          double normal = Math.sqrt(-2 * Math.log(radius)) * Math.cos(TWO_PI * angle);
          phi = b / (2 * width) + normal / Math.sqrt(2 * width);
          double centre = quartic > 0 ? (width - c) / (2 * quartic) : 0;
          double distance = phi * phi - centre;
          accepted = decision < Math.exp(-quartic * distance * distance);
          attempt = attempt + 1;
        }
        field[first + site] = phi;
      }
      attempts[i] = attempt;
    }
  }
}
