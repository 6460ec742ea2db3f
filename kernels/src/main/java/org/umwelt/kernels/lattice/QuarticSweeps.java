package org.umwelt.kernels.lattice;

import java.util.Arrays;
import org.umwelt.kernels.lattice.device.QuarticMetropolisKernel;
import org.umwelt.kernels.parallel.WorkerTeam;

/**
 * The kernels of this package as processors compute them: in blocks of neighbouring sites that stay
 * in the first cache, whose sums of neighbours are added up a dimension at a time.
 */
final class QuarticSweeps {
  static final int PIECES = 4; // per thread, so that threads end together

  private QuarticSweeps() {}

  /** A piece of a chain. */
  @FunctionalInterface
  interface Piece {
    /**
     * Computes sites from..to.
     *
     * @param block of the thread
     */
    void compute(int chain, int from, int to, Block block);
  }

  /**
   * Computes all chains in blocks, those of a thread one behind the other.
   *
   * @param sites of a chain
   * @param size of a block
   */
  static void blocks(WorkerTeam team, int chains, int sites, int size, Piece piece) {
    int perChain = Math.ceilDiv(sites, size);
    int all = chains * perChain;
    int pieces = team.threads() == 1 ? 1 : Math.min(all, PIECES * team.threads());
    team.run(
        pieces,
        k -> {
          Block block = Block.ofThread();
          int end = (int) ((long) all * (k + 1) / pieces);
          for (int b = (int) ((long) all * k / pieces); b < end; b++) {
            int chain = b / perChain;
            int from = (b - chain * perChain) * size;
            piece.compute(chain, from, Math.min(from + size, sites), block);
          }
        });
  }

  /**
   * Writes the sum of the neighbours of every site from..to of a chain to sum[0..].
   *
   * @param first where the chain begins
   * @param least dimension to add up, beside the last, which always is
   */
  static void around(
      LatticeMath math,
      double[] field,
      int first,
      int from,
      int to,
      int[] shape,
      int least,
      double[] sum) {
    int length = shape[shape.length - 1];
    // The last dimension, as if rows had no ends; then their ends.
    int low = first + from == 0 ? 1 : from;
    int high = first + to == field.length ? to - 1 : to;
    math.pair(field, first + low + 1, first + low - 1, sum, low - from, high - low);
    for (int row = from - from % length; row < to; row += length) {
      int last = row + length - 1;
      if (row >= from) {
        sum[row - from] = field[first + row + 1] + field[first + last];
      }
      if (last < to) {
        sum[last - from] = field[first + row] + field[first + last - 1];
      }
    }
    int stride = length;
    for (int mu = shape.length - 2; mu >= least; mu--) {
      pairs(
          first,
          from,
          to,
          stride,
          shape[mu],
          (i, n, next, previous) -> math.addPair(field, next, previous, sum, i - from, n));
      stride *= shape[mu];
    }
  }

  /** What is done with pairs of neighbours. */
  @FunctionalInterface
  interface Pairs {
    /**
     * Takes the pairs of sites i..i + n.
     *
     * @param next where in all chains the neighbours behind them begin
     * @param previous and those before them
     */
    void take(int i, int n, int next, int previous);
  }

  /** Goes through the neighbours of sites from..to of a chain in a dimension, but the last one. */
  static void pairs(int first, int from, int to, int stride, int length, Pairs pairs) {
    int period = stride * length;
    int wrap = period - stride;
    int i = from;
    while (i < to) {
      int at = i % period;
      // Before, between and behind: which of the two neighbours are around the corner.
      int end = at < stride ? stride : at < wrap ? wrap : period;
      int n = Math.min(to - i, end - at);
      int next = first + (at >= wrap ? i - wrap : i + stride);
      int previous = first + (at < stride ? i + wrap : i - stride);
      pairs.take(i, n, next, previous);
      i += n;
    }
  }

  static void kick(WorkerTeam team, Object[] arguments) {
    double[] momentum = (double[]) arguments[0];
    double[] field = (double[]) arguments[1];
    int[] shape = (int[]) arguments[2];
    double[] couplings = (double[]) arguments[3];
    double step = ((double[]) arguments[4])[0];
    int sites = (int) arguments[5];
    LatticeMath math = LatticeMath.fastest();
    blocks(
        team,
        field.length / sites,
        sites,
        Block.SITES,
        (chain, from, to, block) -> {
          int first = chain * sites;
          around(math, field, first, from, to, shape, 0, block.around);
          math.kick(momentum, field, first + from, to - from, block.around, couplings, step);
        });
  }

  static void drift(WorkerTeam team, Object[] arguments) {
    double[] field = (double[]) arguments[0];
    double[] momentum = (double[]) arguments[1];
    double step = ((double[]) arguments[2])[0];
    LatticeMath math = LatticeMath.fastest();
    blocks(
        team,
        1,
        field.length,
        Block.SITES,
        (_, from, to, _) -> math.drift(field, momentum, from, to - from, step));
  }

  static void energy(WorkerTeam team, Object[] arguments) {
    double[] energies = (double[]) arguments[0];
    double[] momentum = (double[]) arguments[1];
    double[] field = (double[]) arguments[2];
    int[] shape = (int[]) arguments[3];
    double[] couplings = (double[]) arguments[4];
    int parts = (int) arguments[5];
    int sites = (int) arguments[6];
    int part = Math.ceilDiv(sites, parts);
    LatticeMath math = LatticeMath.fastest();
    blocks(
        team,
        field.length / sites,
        parts,
        1,
        (chain, from, to, block) -> {
          int first = chain * sites;
          for (int k = from; k < to; k++) {
            int end = Math.min(sites, (k + 1) * part);
            double sum = 0;
            for (int begin = k * part; begin < end; begin += Block.SITES) {
              int n = Math.min(Block.SITES, end - begin);
              around(math, field, first, begin, begin + n, shape, 0, block.around);
              sum += math.energy(momentum, field, first + begin, n, block.around, couplings);
            }
            energies[chain * parts + k] = sum;
          }
        });
  }

  static void normals(WorkerTeam team, Object[] arguments) {
    double[] out = (double[]) arguments[0];
    int[] place = (int[]) arguments[1];
    int pairs = (int) arguments[2];
    int sites = (int) arguments[3];
    LatticeMath math = LatticeMath.fastest();
    blocks(
        team,
        out.length / sites,
        pairs,
        Block.SITES,
        (chain, from, to, block) -> {
          int first = chain * sites;
          int sines = Math.max(0, Math.min(to, sites - pairs) - from);
          math.normals(
              block, from, chain, place, out, first + from, to - from, first + pairs + from, sines);
        });
  }

  /** Decides what becomes of some sites. */
  @FunctionalInterface
  private interface Decision {
    void decide(Block block, int n, int chain, int[] place, double[] couplings);
  }

  static void metropolis(WorkerTeam team, Object[] arguments) {
    colour(team, arguments, LatticeMath.fastest(), LatticeMath.fastest()::metropolis);
  }

  static void reflect(WorkerTeam team, Object[] arguments) {
    colour(team, arguments, LatticeMath.fastest(), LatticeMath.fastest()::reflect);
  }

  private static void colour(
      WorkerTeam team, Object[] arguments, LatticeMath math, Decision decision) {
    double[] field = (double[]) arguments[0];
    int[] accepted = (int[]) arguments[1];
    int[] shape = (int[]) arguments[2];
    double[] couplings = (double[]) arguments[3];
    int[] place = (int[]) arguments[4];
    int colour = (int) arguments[5];
    int colours = (int) arguments[6];
    int sites = (int) arguments[7];
    int dimensions = (int) arguments[8];
    int length = shape[dimensions - 1];
    int half = length / 2;
    int odd = length - 2 * half;
    blocks(
        team,
        field.length / sites,
        sites,
        Block.SITES,
        (chain, from, to, block) -> {
          int first = chain * sites;
          around(math, field, first, from, to, shape, 0, block.around);
          int n = 0;
          int end;
          for (int begin = from; begin < to; begin = end) {
            int row = begin / length;
            int start = row * length;
            end = Math.min(to, start + length);
            int slots = (first + start) / length * half;
            int wanted = QuarticMetropolisKernel.wanted(row, shape, colour, colours, dimensions);
            int site = begin + ((begin - start + wanted) & 1);
            int last = Math.min(end, start + 2 * half);
            if (wanted == 2) { // the last of the row, if its length is odd, and no other
              site = start + length - odd;
              last = end;
              if (begin == start) {
                Arrays.fill(accepted, slots + odd, slots + half, 0);
              }
            }
            for (; site < last; site += 2) {
              block.site[n] = site;
              block.slot[n] = slots + (wanted < 2 ? (site - start) / 2 : 0);
              block.phi[n] = field[first + site];
              block.near[n] = block.around[site - from];
              n++;
            }
          }
          decision.decide(block, n, chain, place, couplings);
          for (int i = 0; i < n; i++) {
            field[first + block.site[i]] = block.phi[i];
            accepted[block.slot[i]] = (int) block.count[i];
          }
        });
  }
}
