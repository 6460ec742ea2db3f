package org.umwelt.kernels.attention;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.attention.AttentionKernel.Head;
import org.umwelt.kernels.nn.CustomGradient;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Attention kernels inside models of LibTorch: gradients flow through as through LibTorch's own
 * operations, and neither pass makes a tensor of queries by keys. Inputs and outputs are copied
 * once each way.
 */
public final class TensorAttention {
  private TensorAttention() {}

  /**
   * Attends, head by head. The outermost scope open on this thread stays open until the backward
   * pass; see {@link CustomGradient}.
   *
   * @param kernel of heads with d and e numbers
   * @param patterns of the b h heads, row-major; they draw no gradient
   * @param q [b, h, n, d], float32 like the others
   * @param k [b, h, m, d]
   * @param v [b, h, m, e]
   * @return [b, h, n, e]
   */
  public static Tensor attend(
      AttentionKernel kernel, List<AttentionPattern> patterns, Tensor q, Tensor k, Tensor v) {
    long b = q.size(0);
    long h = q.size(1);
    int n = Math.toIntExact(q.size(2));
    int m = Math.toIntExact(k.size(2));
    int d = kernel.size();
    int e = kernel.valueSize();
    check("q", q, b, h, n, d);
    check("k", k, b, h, m, d);
    check("v", v, b, h, m, e);
    if (patterns.size() != b * h) {
      throw new IllegalArgumentException(
          "expected a pattern for each of %d heads, got %d".formatted(b * h, patterns.size()));
    }
    for (AttentionPattern pattern : patterns) {
      if (pattern.queryRows() != n || pattern.keyRows() != m) {
        throw new IllegalArgumentException(
            "expected patterns of %d queries and %d keys, got one of %d and %d"
                .formatted(n, m, pattern.queryRows(), pattern.keyRows()));
      }
    }
    float[] queries = Tensors.floats(q); // (b, h, n, d)
    float[] keys = Tensors.floats(k); // (b, h, m, d)
    float[] values = Tensors.floats(v); // (b, h, m, e)
    float[] output = new float[patterns.size() * n * e]; // (b, h, n, e)
    float[] logSumExp = new float[patterns.size() * n]; // (b, h, n)
    for (int i = 0; i < patterns.size(); i++) {
      kernel.forward(
          patterns.get(i),
          new Head(queries, i * n * d),
          new Head(keys, i * m * d),
          new Head(values, i * m * e),
          new Head(output, i * n * e),
          new Head(logSumExp, i * n));
    }
    return CustomGradient.apply(
        Tensors.of(Compute.CPU, output, b, h, n, e).to(q.device(), torch.ScalarType.Float),
        gradient -> {
          float[] outer = Tensors.floats(gradient); // (b, h, n, e)
          float[] byQueries = new float[queries.length];
          float[] byKeys = new float[keys.length];
          float[] byValues = new float[values.length];
          for (int i = 0; i < patterns.size(); i++) {
            kernel.backward(
                patterns.get(i),
                new Head(queries, i * n * d),
                new Head(keys, i * m * d),
                new Head(values, i * m * e),
                new Head(output, i * n * e),
                new Head(logSumExp, i * n),
                new Head(outer, i * n * e),
                new Head(byQueries, i * n * d),
                new Head(byKeys, i * m * d),
                new Head(byValues, i * m * e));
          }
          return List.of(
              Tensors.of(Compute.CPU, byQueries, b, h, n, d),
              Tensors.of(Compute.CPU, byKeys, b, h, m, d),
              Tensors.of(Compute.CPU, byValues, b, h, m, e));
        },
        q,
        k,
        v);
  }

  private static void check(String name, Tensor tensor, long... shape) {
    List<Long> found = Tensors.shape(tensor);
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    if (!found.equals(expected) || tensor.scalar_type().value != torch.ScalarType.Float.value) {
      throw new IllegalArgumentException(
          "attention: expected %s to be float32 %s, got %s %s"
              .formatted(name, expected, tensor.scalar_type(), found));
    }
  }
}
