package org.umwelt.kernels.random;

import org.umwelt.kernels.array.device.PhiloxKernel;

/**
 * Philox 4x32 with 10 rounds, a counter-based random function.
 *
 * <p>Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section
 * 3.3. One call maps a 128-bit counter under a 64-bit key to 128 random bits; there is no state to
 * carry.
 */
public final class Philox {
  private Philox() {}

  /**
   * Writes the four words of block (c0, c1, c2, c3) under key (k0, k1).
   *
   * @param out receives the block in {@code out[0..3]}
   */
  public static void block(int c0, int c1, int c2, int c3, int k0, int k1, int[] out) {
    PhiloxKernel.block(c0, c1, c2, c3, k0, k1, out, 0);
  }
}
