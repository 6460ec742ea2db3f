package org.umwelt.kernels.attention.device;

import org.umwelt.kernels.api.FloatMath;
import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;

/** Gradient of attention by its queries: a work item per query. */
public final class AttentionQueriesKernel {
  /** Queries of a group, and the most keys it holds at a time. */
  public static final int GROUP = 32;

  private static final int MOST_NUMBERS = 376; // of two rows, 32 of which fit beside the rest

  private AttentionQueriesKernel() {}

  /**
   * One query; see {@link AttentionForwardKernel} for what is not said here.
   *
   * @param outer gradient by the output, [rows, valueSize]
   * @param means mean of dP under P for each row, [rows]
   * @param gradient [rows, size]
   */
  public static void backward(
      KernelContext context,
      float[] q,
      float[] k,
      float[] v,
      int[] queryRows,
      int[] keyRows,
      int[] from,
      int[] to,
      float[] output,
      float[] logSumExp,
      float[] outer,
      @Written float[] means,
      @Written float[] gradient,
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
    float[] above = new float[valueSize];
    float[] sum = new float[size];
    int row = place < rows ? queryRows[place] : 0;
    float shift = place < rows ? logSumExp[row] : 0;
    float mean = 0;
    for (int c = 0; c < size; c++) {
      query[c] = place < rows ? scale * q[row * size + c] : 0;
      sum[c] = 0;
    }
    for (int c = 0; c < valueSize; c++) {
      above[c] = place < rows ? outer[row * valueSize + c] : 0;
      mean += place < rows ? above[c] * output[row * valueSize + c] : 0;
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
        float slope = 0;
        for (int c = 0; c < valueSize; c++) {
          slope += above[c] * values[at * valueSize + c];
        }
        float weight = FloatMath.exp(product - shift) * (slope - mean);
        for (int c = 0; c < size; c++) {
          sum[c] += weight * keys[at * size + c];
        }
      }
      context.localBarrier();
    }
    if (place < rows) {
      means[row] = mean;
      for (int c = 0; c < size; c++) {
        gradient[row * size + c] = scale * sum[c];
      }
    }
  }
}
