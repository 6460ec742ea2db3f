package org.umwelt.kernels.attention;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.umwelt.kernels.attention.device.AttentionForwardKernel;
import org.umwelt.kernels.attention.device.AttentionKeysKernel;
import org.umwelt.kernels.attention.device.AttentionQueriesKernel;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.KernelProvider;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;

/**
 * Exact attention on a back end: what {@link FlashAttention} is on processors.
 *
 * <p>A work item has a query, or in the second half of the backward pass a key, in registers; the
 * other side passes through the memory of its group. Results do not depend on the order of groups.
 * Kernels are compiled once for each shape of inputs, which is slow, and kept until it is closed.
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
  private final Map<Shape, Prepared> shapes = new HashMap<>();

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
  public int size() {
    return size;
  }

  @Override
  public int valueSize() {
    return valueSize;
  }

  @Override
  public String description() {
    return backend.name() + ", " + backend.device();
  }

  /** How many rows Q has, and K and V have. */
  private record Shape(int n, int m) {}

  /** Rows by place, those without a place behind all others, and what they see. */
  private static final class Places {
    private final int[] rows;
    private final int[] from; // first seen on the other side, by place
    private final int[] to; // behind the last seen

    Places(int count) {
      rows = new int[Math.max(1, count)];
      from = new int[rows.length];
      to = new int[rows.length];
    }

    void set(int places, IntUnaryOperator row, IntUnaryOperator first, IntUnaryOperator last) {
      boolean[] placed = new boolean[rows.length];
      for (int place = 0; place < places; place++) {
        rows[place] = row.applyAsInt(place);
        from[place] = first.applyAsInt(place);
        to[place] = last.applyAsInt(place);
        placed[rows[place]] = true;
      }
      int next = places;
      for (int one = 0; one < rows.length; one++) {
        if (!placed[one]) {
          rows[next] = one;
          from[next] = 0;
          to[next++] = 0;
        }
      }
    }
  }

  /** The calls for one shape, with arrays of their own: compiled once, run as often as needed. */
  private final class Prepared implements AutoCloseable {
    private final int n;
    private final int m;
    private final float[] q;
    private final float[] k;
    private final float[] v;
    private final float[] output;
    private final float[] logSumExp;
    private final float[] outer;
    private final float[] means;
    private final float[] byQueries;
    private final float[] byKeys;
    private final float[] byValues;
    private final Places queries;
    private final Places keys;
    private final Launch forward;
    private final Launch backward;

    Prepared(int n, int m) {
      this.n = n;
      this.m = m;
      q = array(n * size);
      k = array(m * size);
      v = array(m * valueSize);
      output = array(n * valueSize);
      logSumExp = array(n);
      outer = array(n * valueSize);
      means = array(n);
      byQueries = array(n * size);
      byKeys = array(m * size);
      byValues = array(m * valueSize);
      queries = new Places(n);
      keys = new Places(m);
      int group = AttentionForwardKernel.GROUP;
      forward =
          backend.prepare(
              Call.of(
                  FORWARD,
                  Work.groups(Math.ceilDiv(n, group), group),
                  q,
                  k,
                  v,
                  queries.rows,
                  keys.rows,
                  queries.from,
                  queries.to,
                  output,
                  logSumExp,
                  n,
                  size,
                  valueSize,
                  scale));
      backward =
          backend.prepare(
              Call.of(
                  BACKWARD_QUERIES,
                  Work.groups(Math.ceilDiv(n, group), group),
                  q,
                  k,
                  v,
                  queries.rows,
                  keys.rows,
                  queries.from,
                  queries.to,
                  output,
                  logSumExp,
                  outer,
                  means,
                  byQueries,
                  n,
                  size,
                  valueSize,
                  scale),
              Call.of(
                  BACKWARD_KEYS,
                  Work.groups(Math.ceilDiv(m, group), group),
                  q,
                  k,
                  v,
                  queries.rows,
                  keys.rows,
                  keys.from,
                  keys.to,
                  logSumExp,
                  outer,
                  means,
                  byKeys,
                  byValues,
                  m,
                  size,
                  valueSize,
                  scale));
    }

    private void place(AttentionPattern pattern, Head q, Head k, Head v) {
      queries.set(pattern.queries(), pattern::queryRow, pattern::from, pattern::to);
      keys.set(pattern.keys(), pattern::keyRow, pattern::seenFrom, pattern::seenTo);
      copy(q, this.q, n * size);
      copy(k, this.k, m * size);
      copy(v, this.v, m * valueSize);
    }

    @Override
    public void close() {
      forward.close();
      backward.close();
    }
  }

  /** Returns an array; devices have no empty ones. */
  private static float[] array(int count) {
    return new float[Math.max(1, count)];
  }

  private static void copy(Head head, float[] to, int count) {
    System.arraycopy(head.values(), head.at(), to, 0, count);
  }

  private static void copyBack(float[] from, Head head, int count) {
    System.arraycopy(from, 0, head.values(), head.at(), count);
  }

  private Prepared prepared(AttentionPattern pattern) {
    return shapes.computeIfAbsent(
        new Shape(pattern.queryRows(), pattern.keyRows()), shape -> new Prepared(shape.n, shape.m));
  }

  @Override
  public void forward(
      AttentionPattern pattern, Head q, Head k, Head v, Head output, Head logSumExp) {
    Prepared calls = prepared(pattern);
    calls.place(pattern, q, k, v);
    calls.forward.run();
    copyBack(calls.output, output, calls.n * valueSize);
    for (int row = 0; row < calls.n; row++) {
      float sum = calls.logSumExp[row];
      logSumExp.values()[logSumExp.at() + row] = sum <= LEAST ? Float.NEGATIVE_INFINITY : sum;
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
    Prepared calls = prepared(pattern);
    calls.place(pattern, q, k, v);
    copy(output, calls.output, calls.n * valueSize);
    copy(gradient, calls.outer, calls.n * valueSize);
    for (int row = 0; row < calls.n; row++) {
      calls.logSumExp[row] = Math.max(logSumExp.values()[logSumExp.at() + row], LEAST);
    }
    calls.backward.run();
    copyBack(calls.byQueries, qGradient, calls.n * size);
    copyBack(calls.byKeys, kGradient, calls.m * size);
    copyBack(calls.byValues, vGradient, calls.m * valueSize);
  }

  /** Frees what was compiled; the back end stays open. */
  @Override
  public void close() {
    shapes.values().forEach(Prepared::close);
    shapes.clear();
  }
}
