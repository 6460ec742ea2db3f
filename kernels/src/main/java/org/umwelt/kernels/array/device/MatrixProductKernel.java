package org.umwelt.kernels.array.device;

import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;

/** The product of two matrices, in tiles of the memory that a group shares. */
public final class MatrixProductKernel {
  /** Width and height of a tile: work items of a group in each dimension. */
  public static final int TILE = 16;

  private MatrixProductKernel() {}

  /**
   * One element of C = A B.
   *
   * @param a [m, k]
   * @param b [k, n]
   * @param c [m, n]
   */
  public static void multiply(
      KernelContext context, float[] a, float[] b, @Written float[] c, int m, int n, int k) {
    int row = context.globalIdy;
    int column = context.globalIdx;
    int i = context.localIdy;
    int j = context.localIdx;
    float[] left = context.allocateFloatLocalArray(TILE * TILE);
    float[] right = context.allocateFloatLocalArray(TILE * TILE);
    float sum = 0;
    for (int tile = 0; tile < k; tile += TILE) {
      left[i * TILE + j] = row < m && tile + j < k ? a[row * k + tile + j] : 0;
      right[i * TILE + j] = tile + i < k && column < n ? b[(tile + i) * n + column] : 0;
      context.localBarrier();
      for (int p = 0; p < TILE; p++) {
        sum += left[i * TILE + p] * right[p * TILE + j];
      }
      context.localBarrier();
    }
    if (row < m && column < n) {
      c[row * n + column] = sum;
    }
  }
}
