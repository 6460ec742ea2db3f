package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.attention.AttentionKernel.Head;
import org.umwelt.kernels.random.RandomStream;

/** What every attention kernel computes: compared with plain loops in double precision. */
public abstract class AttentionKernelContract {
  /** Returns the kernel under test. */
  protected abstract AttentionKernel kernel(int size, int valueSize, double scale);

  /** Returns how many random small patterns it is tried on. */
  protected int rounds() {
    return 100;
  }

  /** Returns how many tokens it is tried on, around the edges of tiles. */
  protected int[] lengths() {
    return new int[] {1, 2, 127, 128, 129, 1000};
  }

  private static float[] normal(RandomStream random, int count, double factor) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (factor * random.nextGaussian());
    }
    return values;
  }

  private static double[] doubles(float[] values) {
    double[] all = new double[values.length];
    Arrays.setAll(all, i -> values[i]);
    return all;
  }

  private static void assertClose(String what, float[] found, double[] expected, double error) {
    assertThat(found).hasSameSizeAs(expected);
    double largest =
        Arrays.stream(expected).filter(Double::isFinite).map(Math::abs).max().orElse(0);
    for (int i = 0; i < found.length; i++) {
      if (Double.isInfinite(expected[i])) {
        assertThat((double) found[i]).as("%s %d", what, i).isEqualTo(expected[i]);
      } else {
        assertThat((double) found[i])
            .as("%s %d", what, i)
            .isCloseTo(expected[i], within(error * Math.max(1, largest)));
      }
    }
  }

  /** Random inputs of a pattern, and what both attentions make of them. */
  private void assertEqualsPlain(
      AttentionPattern pattern, int d, int e, double factor, RandomStream random) {
    try (AttentionKernel kernel = kernel(d, e, 1 / Math.sqrt(d))) {
      assertEqualsPlain(kernel, pattern, factor, random);
    }
  }

  private static void assertEqualsPlain(
      AttentionKernel kernel, AttentionPattern pattern, double factor, RandomStream random) {
    int d = kernel.size();
    int e = kernel.valueSize();
    int n = pattern.queryRows();
    int m = pattern.keyRows();
    double scale = 1 / Math.sqrt(d);
    float[] q = normal(random, n * d, factor);
    float[] k = normal(random, m * d, factor);
    float[] v = normal(random, m * e, 1);
    float[] gradient = normal(random, n * e, 1);
    float[] output = normal(random, n * e, 1);
    float[] logSumExp = normal(random, n, 1);
    PlainAttention plain = new PlainAttention(pattern, d, e, scale);

    kernel.forward(
        pattern, Head.of(q), Head.of(k), Head.of(v), Head.of(output), Head.of(logSumExp));
    PlainAttention.Output expected = plain.forward(doubles(q), doubles(k), doubles(v));
    assertClose("output", output, expected.output(), 2e-5);
    assertClose("logSumExp", logSumExp, expected.logSumExp(), 2e-6);

    float[] dq = normal(random, n * d, 1);
    float[] dk = normal(random, m * d, 1);
    float[] dv = normal(random, m * e, 1);
    kernel.backward(
        pattern,
        Head.of(q),
        Head.of(k),
        Head.of(v),
        Head.of(output),
        Head.of(logSumExp),
        Head.of(gradient),
        Head.of(dq),
        Head.of(dk),
        Head.of(dv));
    PlainAttention.Gradients gradients =
        plain.backward(doubles(q), doubles(k), doubles(v), expected, doubles(gradient));
    assertClose("gradient of q", dq, gradients.queries(), 5e-5);
    assertClose("gradient of k", dk, gradients.keys(), 5e-5);
    assertClose("gradient of v", dv, gradients.values(), 5e-5);
  }

  @Test
  void equalsPlainAttentionOnSmallPatterns() {
    RandomStream random = new RandomStream(41);
    for (int round = 0; round < rounds(); round++) {
      int n = random.nextInt(1, 60);
      int m = random.nextInt(1, 60);
      int buckets = random.nextInt(1, 6);
      AttentionPattern pattern =
          AttentionPattern.of(
              random.ints(n, 0, 50).toArray(),
              random.ints(n, -1, buckets).toArray(),
              random.ints(m, 0, 50).toArray(),
              random.ints(m, -1, buckets).toArray(),
              List.of(Causality.values()).get(random.nextInt(3)));
      assertEqualsPlain(pattern, random.nextInt(1, 70), random.nextInt(1, 70), 1, random);
    }
  }

  @Test
  void equalsPlainAttentionAcrossTiles() {
    RandomStream random = new RandomStream(42);
    for (int n : lengths()) {
      int[] hashes = random.ints(n, 0, 4).toArray();
      int[] others = random.ints(n, 0, 4).toArray();
      boolean[] kept = new boolean[n];
      for (int i = 0; i < n; i++) {
        kept[i] = random.nextBoolean();
      }
      for (AttentionPattern pattern :
          List.of(
              AttentionPattern.causal(n, Causality.SELF),
              AttentionPattern.full(n, n),
              AttentionPattern.hashed(hashes, hashes, Causality.STRICT),
              AttentionPattern.hashed(hashes, others, Causality.SELF),
              AttentionPattern.dropping(kept, kept, Causality.SELF))) {
        assertEqualsPlain(pattern, 64, 64, 1, random);
      }
    }
    assertEqualsPlain(AttentionPattern.causal(70, Causality.SELF), 256, 256, 1, random);
    assertEqualsPlain(AttentionPattern.full(5, 300), 33, 7, 1, random);
  }

  /** All in one bucket of many, everything dropped, nothing at all. */
  @Test
  void extremePatterns() {
    RandomStream random = new RandomStream(43);
    int[] seventh = new int[140];
    Arrays.fill(seventh, 7);
    assertEqualsPlain(AttentionPattern.hashed(seventh, seventh, Causality.SELF), 8, 8, 1, random);
    boolean[] nothing = new boolean[140];
    assertEqualsPlain(AttentionPattern.dropping(nothing, nothing, Causality.SELF), 8, 8, 1, random);
    assertEqualsPlain(AttentionPattern.full(0, 3), 8, 8, 1, random);
    assertEqualsPlain(AttentionPattern.full(3, 0), 8, 8, 1, random);
  }

  /**
   * A kernel may keep what it prepared for a shape: other patterns of the shape are not mixed up.
   */
  @Test
  void oneKernelServesManyPatterns() {
    RandomStream random = new RandomStream(47);
    try (AttentionKernel kernel = kernel(8, 8, 0.3535533905932738)) {
      int[] hashes = random.ints(50, -1, 3).toArray();
      for (AttentionPattern pattern :
          List.of(
              AttentionPattern.causal(50, Causality.STRICT),
              AttentionPattern.hashed(hashes, hashes, Causality.SELF),
              AttentionPattern.full(50, 50),
              AttentionPattern.full(20, 50),
              AttentionPattern.causal(50, Causality.SELF))) {
        assertEqualsPlain(kernel, pattern, 1, random);
      }
    }
  }

  /** Scores around 10,000 leave one key with all the weight, and nothing overflows. */
  @Test
  void hugeScoresStayFinite() {
    int n = 300;
    float[] q = new float[n];
    float[] k = new float[n];
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      q[i] = i % 2 == 0 ? 100 : -100;
      k[i] = i % 3 == 0 ? 100 : -100;
      v[i] = i % 3;
    }
    float[] output = new float[n];
    float[] logSumExp = new float[n];
    AttentionPattern pattern = AttentionPattern.full(n, n);
    AttentionKernel kernel = kernel(1, 1, 1);
    kernel.forward(
        pattern, Head.of(q), Head.of(k), Head.of(v), Head.of(output), Head.of(logSumExp));
    for (int i = 0; i < n; i++) {
      assertThat(output[i]).isCloseTo(i % 2 == 0 ? 0 : 1.5f, within(1e-5f));
    }
    float[] dq = new float[n];
    float[] dk = new float[n];
    float[] dv = new float[n];
    kernel.backward(
        pattern,
        Head.of(q),
        Head.of(k),
        Head.of(v),
        Head.of(output),
        Head.of(logSumExp),
        Head.of(v),
        Head.of(dq),
        Head.of(dk),
        Head.of(dv));
    for (float[] gradient : List.of(dq, dk, dv)) {
      for (float number : gradient) {
        assertThat(number).isFinite();
      }
    }
  }
}
