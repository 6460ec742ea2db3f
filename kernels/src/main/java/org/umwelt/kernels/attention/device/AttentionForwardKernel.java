package org.umwelt.kernels.attention.device;

import org.umwelt.kernels.api.FloatMath;
import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;

/** Attention with an online softmax: a work item per query, keys in the memory of the group. */
public final class AttentionForwardKernel {
  /** Queries of a group, and the most keys it holds at a time. */
  public static final int GROUP = 32;

  private static final int MOST_NUMBERS = 376; // of two rows, 32 of which fit beside the rest

  private static final float LEAST = (float) -3e38; // stands for -infinity

  private AttentionForwardKernel() {}

  /**
   * One query at its place in an {@link org.umwelt.kernels.attention.AttentionPattern}, dropped
   * queries behind all others with empty runs. The sums are those of FlashAttention-2, arXiv
   * 2307.08691.
   *
   * @param q [rows, size]
   * @param k [keys, size]
   * @param v [keys, valueSize]
   * @param queryRows row of the query at each place, [rows]
   * @param keyRows row of the key at each place
   * @param from first key seen, by place, [rows]
   * @param to behind the last key seen, [rows]
   * @param output [rows, valueSize], 0 where no key is seen
   * @param logSumExp [rows], -3e38 where no key is seen
   */
  public static void forward(
      KernelContext context,
      float[] q,
      float[] k,
      float[] v,
      int[] queryRows,
      int[] keyRows,
      int[] from,
      int[] to,
      @Written float[] output,
      @Written float[] logSumExp,
      int rows,
      int size,
      int valueSize,
      float scale) {
    int local = context.localIdx;
    int place = context.globalIdx;
    int held = size + valueSize > MOST_NUMBERS ? GROUP / 2 : GROUP; // at a time, in 48 KiB
    float[] keys = context.allocateFloatLocalArray(held * size);
    float[] values = context.allocateFloatLocalArray(held * valueSize);
    float[] query = new float[size];
    float[] sum = new float[valueSize];
    int row = place < rows ? queryRows[place] : 0;
    for (int c = 0; c < size; c++) {
      query[c] = place < rows ? scale * q[row * size + c] : 0;
    }
    for (int c = 0; c < valueSize; c++) {
      sum[c] = 0;
    }
    int first = place < rows ? from[place] : 0;
    int last = place < rows ? to[place] : 0;
    int start = 1 << 30;
    int end = 0;
    int groupEnd = Math.min(rows, (context.groupIdx + 1) * GROUP);
    for (int other = context.groupIdx * GROUP; other < groupEnd; other++) {
      boolean sees = from[other] < to[other];
      start = sees ? Math.min(start, from[other]) : start;
      end = sees ? Math.max(end, to[other]) : end;
    }
    float largest = LEAST;
    float total = 0;
    for (int tile = start; tile < end; tile += held) {
      int count = Math.min(held, end - tile);
      if (local < count) {
        int keyRow = keyRows[tile + local];
        for (int c = 0; c < size; c++) {
          keys[local * size + c] = k[keyRow * size + c];
        }
        for (int c = 0; c < valueSize; c++) {
          values[local * valueSize + c] = v[keyRow * valueSize + c];
        }
      }
      context.localBarrier();
      int near = Math.max(first, tile);
      int far = Math.min(last, tile + count);
      for (int key = near; key < far; key++) {
        int at = key - tile;
        float product = 0;
        for (int c = 0; c < size; c++) {
          product += query[c] * keys[at * size + c];
        }
        float larger = FloatMath.max(largest, product);
        float shrink = FloatMath.exp(largest - larger);
        float weight = FloatMath.exp(product - larger);
        total = total * shrink + weight;
        for (int c = 0; c < valueSize; c++) {
          sum[c] = sum[c] * shrink + weight * values[at * valueSize + c];
        }
        largest = larger;
      }
      context.localBarrier();
    }
    if (place < rows) {
      float divisor = total > 0 ? total : 1;
      for (int c = 0; c < valueSize; c++) {
        output[row * valueSize + c] = sum[c] / divisor;
      }
      logSumExp[row] = total > 0 ? largest + FloatMath.log(divisor) : LEAST;
    }
  }
}
