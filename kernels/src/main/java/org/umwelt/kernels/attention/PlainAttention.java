package org.umwelt.kernels.attention;

import java.util.Arrays;

/**
 * Attention in plain double arithmetic, query by query and key by key: what fast kernels are
 * compared with.
 *
 * <p>For query i and the keys j it sees, s_ij = scale q_i.k_j, and the output is the mean of v_j
 * weighted by exp(s_ij). It needs memory for one row at a time beside inputs and outputs; the
 * backward pass computes the weights again from the logarithm of their sum (Dao et al.,
 * "FlashAttention", arXiv 2205.14135, algorithm 4). A query that sees no key gives 0 and gets no
 * gradient.
 *
 * <p>Letters: N_q queries, N_k keys, d numbers in each, e numbers in a value; all arrays row-major.
 */
public final class PlainAttention {
  private final AttentionPattern pattern;
  private final int size;
  private final int valueSize;
  private final double scale;

  /**
   * Creates the attention of one head.
   *
   * @param size d
   * @param valueSize e
   * @param scale of the products; usually 1 / sqrt(d)
   */
  public PlainAttention(AttentionPattern pattern, int size, int valueSize, double scale) {
    this.pattern = pattern;
    this.size = size;
    this.valueSize = valueSize;
    this.scale = scale;
  }

  /**
   * What the forward pass gives.
   *
   * @param output [N_q, e]
   * @param logSumExp [N_q], of the scaled products; -infinity where nothing is seen
   */
  public record Output(double[] output, double[] logSumExp) {}

  /**
   * What the backward pass gives.
   *
   * @param queries [N_q, d]
   * @param keys [N_k, d]
   * @param values [N_k, e]
   */
  public record Gradients(double[] queries, double[] keys, double[] values) {}

  /**
   * Attends.
   *
   * @param q [N_q, d]
   * @param k [N_k, d]
   * @param v [N_k, e]
   */
  public Output forward(double[] q, double[] k, double[] v) {
    require(q, k, v);
    double[] output = new double[pattern.queryRows() * valueSize];
    double[] logSumExp = new double[pattern.queryRows()];
    Arrays.fill(logSumExp, Double.NEGATIVE_INFINITY);
    for (int query = 0; query < pattern.queries(); query++) {
      int i = pattern.queryRow(query);
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      // The online softmax: what is summed so far shrinks whenever a larger product appears.
      for (int key = pattern.from(query); key < pattern.to(query); key++) {
        int j = pattern.keyRow(key);
        double s = scale * dot(q, i, k, j, size);
        double larger = Math.max(max, s);
        double shrink = Math.exp(max - larger);
        double weight = Math.exp(s - larger);
        sum = sum * shrink + weight;
        for (int c = 0; c < valueSize; c++) {
          int at = i * valueSize + c;
          output[at] = output[at] * shrink + weight * v[j * valueSize + c];
        }
        max = larger;
      }
      if (sum > 0) {
        for (int c = 0; c < valueSize; c++) {
          output[i * valueSize + c] /= sum;
        }
        logSumExp[i] = max + Math.log(sum);
      }
    }
    return new Output(output, logSumExp);
  }

  /**
   * Returns the gradients of a number by the inputs, from its gradient by the output.
   *
   * @param forward what the forward pass gave for these inputs
   * @param gradient [N_q, e]
   */
  public Gradients backward(double[] q, double[] k, double[] v, Output forward, double[] gradient) {
    require(q, k, v);
    requireLength("the gradient", gradient, pattern.queryRows(), valueSize);
    Gradients gradients =
        new Gradients(new double[q.length], new double[k.length], new double[v.length]);
    double[] projected = new double[pattern.queryRows()]; // D: the mean of dP under P
    for (int i = 0; i < projected.length; i++) {
      projected[i] = dot(gradient, i, forward.output(), i, valueSize);
    }
    for (int query = 0; query < pattern.queries(); query++) {
      int i = pattern.queryRow(query);
      for (int key = pattern.from(query); key < pattern.to(query); key++) {
        int j = pattern.keyRow(key);
        double p = Math.exp(scale * dot(q, i, k, j, size) - forward.logSumExp()[i]);
        double ds = scale * p * (dot(gradient, i, v, j, valueSize) - projected[i]);
        for (int c = 0; c < size; c++) {
          gradients.queries[i * size + c] += ds * k[j * size + c];
          gradients.keys[j * size + c] += ds * q[i * size + c];
        }
        for (int c = 0; c < valueSize; c++) {
          gradients.values[j * valueSize + c] += p * gradient[i * valueSize + c];
        }
      }
    }
    return gradients;
  }

  private static double dot(double[] a, int i, double[] b, int j, int size) {
    double sum = 0;
    for (int c = 0; c < size; c++) {
      sum += a[i * size + c] * b[j * size + c];
    }
    return sum;
  }

  private void require(double[] q, double[] k, double[] v) {
    requireLength("queries", q, pattern.queryRows(), size);
    requireLength("keys", k, pattern.keyRows(), size);
    requireLength("values", v, pattern.keyRows(), valueSize);
  }

  private static void requireLength(String what, double[] values, int rows, int size) {
    if (values.length != rows * size) {
      throw new IllegalArgumentException(
          "expected %s of %d rows of %d numbers, got %d numbers"
              .formatted(what, rows, size, values.length));
    }
  }
}
