package org.umwelt.kernels.attention.device;

import org.umwelt.kernels.api.FloatMath;
import org.umwelt.kernels.api.KernelContext;
import org.umwelt.kernels.api.Written;

/** Gradients of attention by its keys and values: a work item per key. */
public final class AttentionKeysKernel {
  /** Keys of a group, and the most queries it holds at a time. */
  public static final int GROUP = 32;

  private static final int MOST_NUMBERS = 376; // of two rows, 32 of which fit beside the rest

  private AttentionKeysKernel() {}

  /**
   * One key at its place, dropped keys behind all others with empty runs; see {@link
   * AttentionQueriesKernel} for what is not said here.
   *
   * @param from first query that sees the key, by place, [keys]
   * @param to behind the last one, [keys]
   * @param keyGradient [keys, size]
   * @param valueGradient [keys, valueSize]
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
      float[] logSumExp,
      float[] outer,
      float[] means,
      @Written float[] keyGradient,
      @Written float[] valueGradient,
      int keys,
      int size,
      int valueSize,
      float scale) {
    int local = context.localIdx;
    int place = context.globalIdx;
    int held = size + valueSize > MOST_NUMBERS ? GROUP / 2 : GROUP; // at a time, in 48 KiB
    float[] queries = context.allocateFloatLocalArray(held * size);
    float[] above = context.allocateFloatLocalArray(held * valueSize);
    float[] shifts = context.allocateFloatLocalArray(held);
    float[] centres = context.allocateFloatLocalArray(held);
    float[] key = new float[size];
    float[] value = new float[valueSize];
    float[] keySum = new float[size];
    float[] valueSum = new float[valueSize];
    int row = place < keys ? keyRows[place] : 0;
    for (int c = 0; c < size; c++) {
      key[c] = place < keys ? scale * k[row * size + c] : 0;
      keySum[c] = 0;
    }
    for (int c = 0; c < valueSize; c++) {
      value[c] = place < keys ? v[row * valueSize + c] : 0;
      valueSum[c] = 0;
    }
    int first = place < keys ? from[place] : 0;
    int last = place < keys ? to[place] : 0;
    int start = 1 << 30;
    int end = 0;
    int groupEnd = Math.min(keys, (context.groupIdx + 1) * GROUP);
    for (int other = context.groupIdx * GROUP; other < groupEnd; other++) {
      boolean seen = from[other] < to[other];
      start = seen ? Math.min(start, from[other]) : start;
      end = seen ? Math.max(end, to[other]) : end;
    }
    for (int tile = start; tile < end; tile += held) {
      int count = Math.min(held, end - tile);
      if (local < count) {
        int queryRow = queryRows[tile + local];
        shifts[local] = logSumExp[queryRow];
        centres[local] = means[queryRow];
        for (int c = 0; c < size; c++) {
          queries[local * size + c] = q[queryRow * size + c];
        }
        for (int c = 0; c < valueSize; c++) {
          above[local * valueSize + c] = outer[queryRow * valueSize + c];
        }
      }
      context.localBarrier();
      int near = Math.max(first, tile);
      int far = Math.min(last, tile + count);
      for (int query = near; query < far; query++) {
        int at = query - tile;
        float product = 0;
        for (int c = 0; c < size; c++) {
          product += key[c] * queries[at * size + c];
        }
        float slope = 0;
        for (int c = 0; c < valueSize; c++) {
          slope += value[c] * above[at * valueSize + c];
        }
        float weight = FloatMath.exp(product - shifts[at]);
        float pull = weight * (slope - centres[at]);
        for (int c = 0; c < valueSize; c++) {
          valueSum[c] += weight * above[at * valueSize + c];
        }
        for (int c = 0; c < size; c++) {
          keySum[c] += pull * queries[at * size + c];
        }
      }
      context.localBarrier();
    }
    if (place < keys) {
      for (int c = 0; c < size; c++) {
        keyGradient[row * size + c] = scale * keySum[c];
      }
      for (int c = 0; c < valueSize; c++) {
        valueGradient[row * valueSize + c] = valueSum[c];
      }
    }
  }
}
