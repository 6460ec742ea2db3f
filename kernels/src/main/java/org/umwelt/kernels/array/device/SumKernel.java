package org.umwelt.kernels.array.device;

import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;

/** A sum: each group adds what its work items found, in a tree. */
public final class SumKernel {
  /** Work items in a group; a power of two. */
  public static final int GROUP = 128;

  private SumKernel() {}

  /**
   * Adds every {@code globalGroupSizeX}-th element from its own on, then the sums of its group.
   *
   * @param x [count]
   * @param partial one sum per group
   */
  public static void sum(KernelContext context, float[] x, @Written float[] partial, int count) {
    int local = context.localIdx;
    float[] sums = context.allocateFloatLocalArray(GROUP);
    float sum = 0;
    for (int i = context.globalIdx; i < count; i += context.globalGroupSizeX) {
      sum += x[i];
    }
    sums[local] = sum;
    for (int half = GROUP / 2; half > 0; half = half / 2) {
      context.localBarrier();
      if (local < half) {
        sums[local] += sums[local + half];
      }
    }
    if (local == 0) {
      partial[context.groupIdx] = sums[0];
    }
  }
}
