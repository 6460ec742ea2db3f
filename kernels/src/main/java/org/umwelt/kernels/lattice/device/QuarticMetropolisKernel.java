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
 *
 * <p>Colours: a coordinate x has number x mod 2, but 2 where it is the last of an odd length; the
 * colour of a site is the sum of its numbers modulo the count of colours, 2 where all lengths are
 * even and 3 elsewhere. So in a row, along the last dimension, the sites of a colour are every
 * other one, or the last one alone, or none.
 */
public final class QuarticMetropolisKernel {
  private QuarticMetropolisKernel() {}

  /**
   * Updates each site of a colour once, in every chain: phi + width * uniform(-1, 1).
   *
   * @param lo first of chains times rows times half a row, rounded down
   * @param hi behind the last
   * @param field [chains, sites]
   * @param accepted 1 where an update was accepted, else 0, [chains, rows, half a row]
   * @param shape length of each dimension, the last one fastest
   * @param couplings hopping, quadratic, quartic, and the width of proposals
   * @param place seed (2 words, low first), step (2 words)
   * @param colour which, below colours
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
      int half = shape[dimensions - 1] / 2;
      int perChain = sites / shape[dimensions - 1] * half;
      int chain = i / perChain;
      int site = site(i - chain * perChain, shape, colour, colours, dimensions);
      int count = 0;
      if (site >= 0) {
        int first = chain * sites;
        int[] words = new int[4];
        PhiloxKernel.block(site, chain, place[2], place[3], place[0], place[1], words, 0);
        double proposal = PhiloxKernel.uniform(words[0], words[1]);
        double decision = PhiloxKernel.uniform(words[2], words[3]);
        double around = QuarticKickKernel.around(field, first, site, shape, dimensions);
        double old = field[first + site];
        double next = old + couplings[3] * (2 * proposal - 1);
        double oldSquare = old * old;
        double square = next * next;
        double change =
            (square - oldSquare) * (couplings[1] + couplings[2] * (square + oldSquare))
                - 2 * couplings[0] * around * (next - old);
        boolean accept = decision < Math.exp(-change);
        field[first + site] = accept ? next : old;
        count = accept ? 1 : 0;
      }
      accepted[i] = count;
    }
  }

  /** Returns the number of a coordinate, 0 to 2, of which colours are made. */
  public static int number(int x, int length) {
    return (length & 1) == 1 && x == length - 1 ? 2 : x & 1;
  }

  /** Returns which number a coordinate in a row must have for a colour. */
  public static int wanted(int row, int[] shape, int colour, int colours, int dimensions) {
    int sum = 0;
    int above = row;
    for (int mu = dimensions - 2; mu >= 0; mu--) {
      int next = above / shape[mu];
      sum += number(above - next * shape[mu], shape[mu]);
      above = next;
    }
    int difference = colour + 3 * colours - sum; // sums are at most 6
    return difference - difference / colours * colours;
  }

  /**
   * Returns a site of a colour, or -1 where there is none.
   *
   * @param k [rows, half a row]
   */
  public static int site(int k, int[] shape, int colour, int colours, int dimensions) {
    int length = shape[dimensions - 1];
    int half = length / 2;
    int row = k / half;
    int j = k - row * half;
    int wanted = wanted(row, shape, colour, colours, dimensions);
    int x = wanted < 2 ? wanted + 2 * j : j == 0 && (length & 1) == 1 ? length - 1 : -1;
    return x < 0 ? -1 : row * length + x;
  }
}
