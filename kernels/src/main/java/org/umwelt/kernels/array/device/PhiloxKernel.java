package org.umwelt.kernels.array.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;

/**
 * Philox 4x32 with 10 rounds, a counter-based random function: Salmon, Moraes, Dror, Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3.
 */
public final class PhiloxKernel {
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final int ROUNDS = 10;
  private static final long WORD = 0xFFFFFFFFL;
  private static final int LOW_BITS = 0x1FFFFF;
  private static final double PER_WORD = 1.0 / 4294967296.0; // 2^-32
  private static final double PER_BIT = 1.0 / 9007199254740992.0; // 2^-53

  private PhiloxKernel() {}

  /**
   * Fills an array with the words of neighbouring blocks.
   *
   * @param lo first block
   * @param hi behind the last block
   * @param out four words per block
   * @param where key (2 words), stream (2 words), number of block 0 (2 words), low words first
   */
  public static void fill(int lo, int hi, @Written int[] out, int[] where) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int block = lo + g;
      long number = (((long) where[5] << 32) | (where[4] & WORD)) + block;
      block(
          (int) number,
          (int) (number >>> 32),
          where[2],
          where[3],
          where[0],
          where[1],
          out,
          4 * block);
    }
  }

  /**
   * Writes the four words of block (c0, c1, c2, c3) under key (k0, k1).
   *
   * @param out receives the block in {@code out[at..at+3]}
   */
  public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] out, int at) {
    int x0 = c0;
    int x1 = c1;
    int x2 = c2;
    int x3 = c3;
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = MULTIPLIER_0 * (x0 & WORD);
      long p1 = MULTIPLIER_1 * (x2 & WORD);
      x0 = (int) (p1 >>> 32) ^ x1 ^ (k0 + round * WEYL_0);
      x2 = (int) (p0 >>> 32) ^ x3 ^ (k1 + round * WEYL_1);
      x1 = (int) p1;
      x3 = (int) p0;
    }
    out[at] = x0;
    out[at + 1] = x1;
    out[at + 2] = x2;
    out[at + 3] = x3;
  }

  /** Returns a number uniform in [0, 1), a multiple of 2^-53, from two words. */
  public static double uniform(int high, int low) {
    return (high & WORD) * PER_WORD + (low & LOW_BITS) * PER_BIT;
  }
}
