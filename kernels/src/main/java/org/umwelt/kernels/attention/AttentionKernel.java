package org.umwelt.kernels.attention;

/**
 * Exact attention over the runs of an {@link AttentionPattern}, forward and backward, without a
 * matrix of queries by keys.
 *
 * <p>Letters: N_q queries, N_k keys, d numbers in each, e numbers in a value; arrays are float32,
 * row-major, and may hold other heads before and after. A kernel is used by one thread at a time.
 */
public interface AttentionKernel extends AutoCloseable {
  /** Returns what it computes with, for reports. */
  String description();

  /** Returns d, numbers in a query and a key. */
  int size();

  /** Returns e, numbers in a value. */
  int valueSize();

  /** Where one head is in an array that may hold several. */
  record Head(float[] values, int at) {
    /** Returns a head that fills its array. */
    public static Head of(float[] values) {
      return new Head(values, 0);
    }
  }

  /**
   * Attends.
   *
   * @param q [N_q, d]
   * @param k [N_k, d]
   * @param v [N_k, e]
   * @param output [N_q, e], overwritten; 0 where a query sees no key
   * @param logSumExp [N_q], overwritten; of the scaled products, -infinity where a query sees no
   *     key
   */
  void forward(AttentionPattern pattern, Head q, Head k, Head v, Head output, Head logSumExp);

  /**
   * Computes the gradients of a number by the inputs, from its gradient by the output.
   *
   * @param output what {@link #forward} gave for these inputs, as {@code logSumExp}
   * @param gradient [N_q, e]
   * @param qGradient [N_q, d], overwritten, as the next two
   * @param kGradient [N_k, d]
   * @param vGradient [N_k, e]
   */
  void backward(
      AttentionPattern pattern,
      Head q,
      Head k,
      Head v,
      Head output,
      Head logSumExp,
      Head gradient,
      Head qGradient,
      Head kGradient,
      Head vGradient);

  @Override
  default void close() {}
}
