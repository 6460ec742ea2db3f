package org.umwelt.kernels.attention;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.umwelt.kernels.attention.device.AttentionForwardKernel;
import org.umwelt.kernels.attention.device.AttentionKeysKernel;
import org.umwelt.kernels.attention.device.AttentionQueriesKernel;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.KernelProvider;
import org.umwelt.kernels.backend.Work;

/**
 * Exact attention on a back end: what {@link FlashAttention} is on processors.
 *
 * <p>A work item has a query, or in the second half of the backward pass a key, in registers; the
 * other side passes through the memory of its group. Results do not depend on the order of groups.
 */
public final class DeviceAttention implements AttentionKernel {
  /** The forward pass. */
  public static final Kernel FORWARD =
      Kernel.of(
              "attention-forward",
              "dense or sparse attention, online softmax",
              AttentionForwardKernel.class,
              "forward")
          .instead("FlashAttention");

  /** The backward pass, gradient of the queries. */
  public static final Kernel BACKWARD_QUERIES =
      Kernel.of(
              "attention-backward-queries",
              "gradient of attention by queries",
              AttentionQueriesKernel.class,
              "backward")
          .instead("FlashAttention");

  /** The backward pass, gradients of keys and values. */
  public static final Kernel BACKWARD_KEYS =
      Kernel.of(
              "attention-backward-keys",
              "gradients of attention by keys and values",
              AttentionKeysKernel.class,
              "backward")
          .instead("FlashAttention");

  private static final float LEAST = (float) -3e38; // the kernels' -infinity

  private final Backend backend;
  private final int size;
  private final int valueSize;
  private final float scale;

  /**
   * Creates the attention of heads of one size.
   *
   * @param backend not closed here
   * @param size numbers in a query or key
   * @param valueSize numbers in a value
   * @param scale of the products; usually 1 / sqrt(size)
   */
  public DeviceAttention(Backend backend, int size, int valueSize, double scale) {
    this.backend = backend;
    this.size = size;
    this.valueSize = valueSize;
    this.scale = (float) scale;
  }

  /** Finds the kernels through the {@link java.util.ServiceLoader}. */
  public static final class Provider implements KernelProvider {
    @Override
    public List<Kernel> kernels() {
      return List.of(FORWARD, BACKWARD_QUERIES, BACKWARD_KEYS);
    }
  }

  @Override
  public String description() {
    return backend.name() + ", " + backend.device();
  }

  /**
   * Places of rows, those without a place behind all others.
   *
   * @param rows row at each place
   * @param from first seen on the other side, by place
   * @param to behind the last seen
   */
  private record Places(int[] rows, int[] from, int[] to) {
    static Places of(
        int places, int count, IntUnaryOperator row, IntUnaryOperator from, IntUnaryOperator to) {
      int[] rows = new int[Math.max(1, count)];
      boolean[] placed = new boolean[count];
      for (int place = 0; place < places; place++) {
        rows[place] = row.applyAsInt(place);
        placed[rows[place]] = true;
      }
      int next = places;
      for (int one = 0; one < count; one++) {
        if (!placed[one]) {
          rows[next++] = one;
        }
      }
      int[] starts = new int[rows.length];
      int[] ends = new int[rows.length];
      for (int place = 0; place < places; place++) {
        starts[place] = from.applyAsInt(place);
        ends[place] = to.applyAsInt(place);
      }
      return new Places(rows, starts, ends);
    }

    static Places queries(AttentionPattern pattern) {
      return of(
          pattern.queries(), pattern.queryRows(), pattern::queryRow, pattern::from, pattern::to);
    }

    static Places keys(AttentionPattern pattern) {
      return of(
          pattern.keys(), pattern.keyRows(), pattern::keyRow, pattern::seenFrom, pattern::seenTo);
    }
  }

  /** Copies a head; devices have no empty arrays. */
  private static float[] copy(Head head, int count) {
    return count == 0
        ? new float[1]
        : Arrays.copyOfRange(head.values(), head.at(), head.at() + count);
  }

  private static void copyBack(float[] from, Head head, int count) {
    System.arraycopy(from, 0, head.values(), head.at(), count);
  }

  @Override
  public void forward(
      AttentionPattern pattern, Head q, Head k, Head v, Head output, Head logSumExp) {
    int n = pattern.queryRows();
    int m = pattern.keyRows();
    if (n == 0) {
      return;
    }
    Places queries = Places.queries(pattern);
    float[] result = new float[n * valueSize];
    float[] sums = new float[n];
    backend.run(
        Call.of(
            FORWARD,
            Work.groups(
                Math.ceilDiv(n, AttentionForwardKernel.GROUP), AttentionForwardKernel.GROUP),
            copy(q, n * size),
            copy(k, m * size),
            copy(v, m * valueSize),
            queries.rows,
            Places.keys(pattern).rows,
            queries.from,
            queries.to,
            result,
            sums,
            n,
            size,
            valueSize,
            scale));
    copyBack(result, output, n * valueSize);
    for (int row = 0; row < n; row++) {
      logSumExp.values()[logSumExp.at() + row] =
          sums[row] <= LEAST ? Float.NEGATIVE_INFINITY : sums[row];
    }
  }

  @Override
  public void backward(
      AttentionPattern pattern,
      Head q,
      Head k,
      Head v,
      Head output,
      Head logSumExp,
      Head gradient,
      Head qGradient,
      Head kGradient,
      Head vGradient) {
    int n = pattern.queryRows();
    int m = pattern.keyRows();
    Places queries = Places.queries(pattern);
    Places keys = Places.keys(pattern);
    float[] qs = copy(q, n * size);
    float[] ks = copy(k, m * size);
    float[] vs = copy(v, m * valueSize);
    float[] shifts = copy(logSumExp, n);
    for (int row = 0; row < shifts.length; row++) {
      shifts[row] = Math.max(shifts[row], LEAST);
    }
    float[] outer = copy(gradient, n * valueSize);
    float[] means = new float[Math.max(1, n)];
    float[] byQueries = new float[Math.max(1, n * size)];
    float[] byKeys = new float[Math.max(1, m * size)];
    float[] byValues = new float[Math.max(1, m * valueSize)];
    Call first =
        Call.of(
            BACKWARD_QUERIES,
            Work.groups(
                Math.ceilDiv(n, AttentionQueriesKernel.GROUP), AttentionQueriesKernel.GROUP),
            qs,
            ks,
            vs,
            queries.rows,
            keys.rows,
            queries.from,
            queries.to,
            copy(output, n * valueSize),
            shifts,
            outer,
            means,
            byQueries,
            n,
            size,
            valueSize,
            scale);
    Call second =
        Call.of(
            BACKWARD_KEYS,
            Work.groups(Math.ceilDiv(m, AttentionKeysKernel.GROUP), AttentionKeysKernel.GROUP),
            qs,
            ks,
            vs,
            queries.rows,
            keys.rows,
            keys.from,
            keys.to,
            shifts,
            outer,
            means,
            byKeys,
            byValues,
            m,
            size,
            valueSize,
            scale);
    if (n > 0 && m > 0) {
      backend.run(first, second);
    }
    copyBack(byQueries, qGradient, n * size);
    copyBack(byKeys, kGradient, m * size);
    copyBack(byValues, vGradient, m * valueSize);
  }
}
