package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.umwelt.kernels.random.RandomStream;

class PlainAttentionTest {
  private static double[] normal(RandomStream random, int count) {
    return random.doubles(count).map(_ -> random.nextGaussian()).toArray();
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static void assertClose(double[] found, double[] expected, double tolerance) {
    assertThat(found).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).as("number %d", i).isCloseTo(expected[i], within(tolerance));
    }
  }

  private static boolean[][] seen(int[] queries, int[] keys, Causality causality) {
    boolean[][] seen = new boolean[queries.length][keys.length];
    for (int i = 0; i < queries.length; i++) {
      for (int j = 0; j < keys.length; j++) {
        seen[i][j] = queries[i] == keys[j] && queries[i] >= 0 && causality.allows(i, j);
      }
    }
    return seen;
  }

  /** Dropped rows and buckets at once, rows that see nothing among them, d and e different. */
  @ParameterizedTest
  @EnumSource(Causality.class)
  void equalsAttentionByTheDefinition(Causality causality) {
    RandomStream random = new RandomStream(31, causality.name().length());
    for (int round = 0; round < 200; round++) {
      int n = random.nextInt(1, 41);
      int m = random.nextInt(1, 41);
      int d = random.nextInt(1, 6);
      int e = random.nextInt(1, 6);
      int buckets = random.nextInt(1, 7);
      int[] queryBuckets = random.ints(n, -1, buckets).toArray();
      int[] keyBuckets = random.ints(m, -1, buckets).toArray();
      double[] q = normal(random, n * d);
      double[] k = normal(random, m * d);
      double[] v = normal(random, m * e);
      double[] gradient = normal(random, n * e);
      PlainAttention plain =
          new PlainAttention(
              AttentionPattern.hashed(queryBuckets, keyBuckets, causality), d, e, 0.7);
      DenseAttention dense =
          new DenseAttention(seen(queryBuckets, keyBuckets, causality), d, e, 0.7);

      PlainAttention.Output forward = plain.forward(q, k, v);
      assertClose(forward.output(), dense.forward(q, k, v), 1e-12);
      PlainAttention.Gradients found = plain.backward(q, k, v, forward, gradient);
      PlainAttention.Gradients expected = dense.backward(q, k, v, gradient);
      assertClose(found.queries(), expected.queries(), 1e-12);
      assertClose(found.keys(), expected.keys(), 1e-12);
      assertClose(found.values(), expected.values(), 1e-12);
    }
  }

  @Test
  void gradientsAreThoseOfCentralDifferences() {
    RandomStream random = new RandomStream(32);
    int n = 9;
    int d = 3;
    int[] queryHashes = random.ints(n, 0, 3).toArray();
    int[] keyHashes = random.ints(n, 0, 3).toArray();
    PlainAttention attention =
        new PlainAttention(
            AttentionPattern.hashed(queryHashes, keyHashes, Causality.SELF), d, d, 1);
    double[][] inputs = {normal(random, n * d), normal(random, n * d), normal(random, n * d)};
    double[] gradient = normal(random, n * d);
    ToDoubleFunction<double[][]> loss =
        x -> {
          double[] output = attention.forward(x[0], x[1], x[2]).output();
          double sum = 0;
          for (int i = 0; i < output.length; i++) {
            sum += output[i] * gradient[i];
          }
          return sum;
        };
    PlainAttention.Gradients found =
        attention.backward(
            inputs[0],
            inputs[1],
            inputs[2],
            attention.forward(inputs[0], inputs[1], inputs[2]),
            gradient);
    double[][] gradients = {found.queries(), found.keys(), found.values()};
    double step = 1e-5;
    for (int input = 0; input < 3; input++) {
      for (int i = 0; i < n * d; i++) {
        double before = inputs[input][i];
        inputs[input][i] = before + step;
        double above = loss.applyAsDouble(inputs);
        inputs[input][i] = before - step;
        double below = loss.applyAsDouble(inputs);
        inputs[input][i] = before;
        assertThat(gradients[input][i]).isCloseTo((above - below) / (2 * step), within(1e-8));
      }
    }
  }

  /** Output and value gradients where all products are 0, so that outputs are means. */
  private static void assertMeans(
      AttentionPattern pattern, double[] v, double[] output, double[] valueGradient) {
    int n = v.length;
    PlainAttention attention = new PlainAttention(pattern, 1, 1, 1);
    double[] zeros = new double[n];
    PlainAttention.Output forward = attention.forward(zeros, zeros, v);
    assertClose(forward.output(), output, 1e-12);
    PlainAttention.Gradients gradients = attention.backward(zeros, zeros, v, forward, ones(n));
    assertClose(gradients.values(), valueGradient, 1e-12);
    assertClose(gradients.queries(), zeros, 0);
  }

  @Test
  void handComputedCases() {
    double[] four = {1, 2, 3, 4};
    int[] hashes = {0, 1, 0, 1};
    assertMeans(
        AttentionPattern.hashed(hashes, hashes, Causality.SELF),
        four,
        new double[] {1, 2, 2, 3},
        new double[] {1.5, 1.5, 0.5, 0.5});
    assertMeans(
        AttentionPattern.hashed(hashes, hashes, Causality.STRICT),
        four,
        new double[] {0, 0, 1, 2},
        new double[] {1, 1, 0, 0});
    assertMeans(
        AttentionPattern.dropping(
            new boolean[] {true, false, true, true},
            new boolean[] {false, true, true, false},
            Causality.SELF),
        new double[] {10, 20, 30, 40},
        new double[] {0, 0, 25, 25},
        new double[] {0, 1, 1, 0});
    // The public kernel's backward pass misses key 5 here.
    assertMeans(
        AttentionPattern.hashed(
            new int[] {1, 1, 2, 0, 1, 1, 0}, new int[] {1, 0, 1, 2, 0, 1, 2}, Causality.SELF),
        new double[] {1, 2, 3, 4, 5, 6, 7},
        new double[] {1, 1, 0, 2, 2, 10.0 / 3, 3.5},
        new double[] {17.0 / 6, 1.5, 5.0 / 6, 0, 0.5, 1.0 / 3, 0});
  }

  @Test
  void onlineSoftmaxOfFourScores() {
    PlainAttention attention = new PlainAttention(AttentionPattern.full(1, 4), 1, 1, 1);
    PlainAttention.Output output =
        attention.forward(new double[] {1}, new double[] {1, 3, 2, 5}, new double[] {1, 2, 3, 4});
    assertThat(output.output()[0]).isCloseTo(3.6880565891, within(1e-10));
    assertThat(output.logSumExp()[0]).isCloseTo(5.1851824526, within(1e-10));
  }

  @Test
  void hugeScoresStayFiniteAndRowsThatSeeNothingAreZero() {
    PlainAttention attention =
        new PlainAttention(AttentionPattern.causal(3, Causality.STRICT), 1, 1, 1);
    double[] q = {1e2, 1e2, -1e2};
    double[] k = {1e2, -1e2, 1e2};
    double[] v = {1, 2, 3};
    PlainAttention.Output output = attention.forward(q, k, v);
    assertThat(output.output()).containsExactly(0, 1, 2);
    assertThat(output.logSumExp()).containsExactly(Double.NEGATIVE_INFINITY, 1e4, 1e4);
    PlainAttention.Gradients gradients = attention.backward(q, k, v, output, ones(3));
    assertThat(gradients.queries()).containsExactly(0, 0, 0);
    assertThat(gradients.values()).containsExactly(1, 1, 0);
  }

  @Test
  void wrongShapesAreRefused() {
    PlainAttention attention = new PlainAttention(AttentionPattern.full(2, 3), 4, 5, 1);
    assertThatThrownBy(() -> attention.forward(new double[8], new double[11], new double[15]))
        .hasMessage("expected keys of 3 rows of 4 numbers, got 11 numbers");
  }
}
