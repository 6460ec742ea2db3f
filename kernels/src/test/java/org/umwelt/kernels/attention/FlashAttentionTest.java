package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.attention.AttentionKernel.Head;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;

class FlashAttentionTest {
  private static final WorkerTeam TEAM = new WorkerTeam(2);

  @AfterAll
  static void close() {
    TEAM.close();
  }

  static Stream<TileMath> maths() {
    return Stream.of(new PlainTileMath(), new VectorTileMath());
  }

  @Test
  void testsRunWithTheFastOne() {
    assertThat(FastTileMath.find()).isInstanceOf(VectorTileMath.class);
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
  private static void assertEqualsPlain(
      TileMath math, AttentionPattern pattern, int d, int e, double factor, RandomStream random) {
    int n = pattern.queryRows();
    int m = pattern.keyRows();
    double scale = 1 / Math.sqrt(d);
    float[] q = normal(random, n * d, factor);
    float[] k = normal(random, m * d, factor);
    float[] v = normal(random, m * e, 1);
    float[] gradient = normal(random, n * e, 1);
    float[] output = normal(random, n * e, 1);
    float[] logSumExp = normal(random, n, 1);
    FlashAttention flash = new FlashAttention(d, e, scale, TEAM, math);
    PlainAttention plain = new PlainAttention(pattern, d, e, scale);

    flash.forward(pattern, Head.of(q), Head.of(k), Head.of(v), Head.of(output), Head.of(logSumExp));
    PlainAttention.Output expected = plain.forward(doubles(q), doubles(k), doubles(v));
    assertClose("output", output, expected.output(), 2e-5);
    assertClose("logSumExp", logSumExp, expected.logSumExp(), 2e-6);

    float[] dq = normal(random, n * d, 1);
    float[] dk = normal(random, m * d, 1);
    float[] dv = normal(random, m * e, 1);
    flash.backward(
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

  @ParameterizedTest
  @MethodSource("maths")
  void equalsPlainAttentionOnSmallPatterns(TileMath math) {
    RandomStream random = new RandomStream(41);
    for (int round = 0; round < 100; round++) {
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
      assertEqualsPlain(math, pattern, random.nextInt(1, 70), random.nextInt(1, 70), 1, random);
    }
  }

  @ParameterizedTest
  @MethodSource("maths")
  void equalsPlainAttentionAcrossTiles(TileMath math) {
    RandomStream random = new RandomStream(42);
    for (int n : new int[] {1, 2, 127, 128, 129, 700}) {
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
        assertEqualsPlain(math, pattern, 64, 64, 1, random);
      }
    }
    assertEqualsPlain(math, AttentionPattern.causal(200, Causality.SELF), 256, 256, 1, random);
    assertEqualsPlain(math, AttentionPattern.full(5, 300), 33, 7, 1, random);
  }

  /** All in one bucket of many, everything dropped, nothing at all. */
  @ParameterizedTest
  @MethodSource("maths")
  void extremePatterns(TileMath math) {
    RandomStream random = new RandomStream(43);
    int[] seventh = new int[140];
    Arrays.fill(seventh, 7);
    assertEqualsPlain(
        math, AttentionPattern.hashed(seventh, seventh, Causality.SELF), 8, 8, 1, random);
    boolean[] nothing = new boolean[140];
    assertEqualsPlain(
        math, AttentionPattern.dropping(nothing, nothing, Causality.SELF), 8, 8, 1, random);
    assertEqualsPlain(math, AttentionPattern.full(0, 3), 8, 8, 1, random);
    assertEqualsPlain(math, AttentionPattern.full(3, 0), 8, 8, 1, random);
  }

  /** Scores around 10,000 leave one key with all the weight, and nothing overflows. */
  @ParameterizedTest
  @MethodSource("maths")
  void hugeScoresStayFinite(TileMath math) {
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
    FlashAttention flash = new FlashAttention(1, 1, 1, TEAM, math);
    flash.forward(pattern, Head.of(q), Head.of(k), Head.of(v), Head.of(output), Head.of(logSumExp));
    for (int i = 0; i < n; i++) {
      assertThat(output[i]).isCloseTo(i % 2 == 0 ? 0 : 1.5f, within(1e-5f));
    }
    float[] dq = new float[n];
    float[] dk = new float[n];
    float[] dv = new float[n];
    flash.backward(
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

  @ParameterizedTest
  @MethodSource("maths")
  void bitsDoNotDependOnThreadsAndOtherHeadsAreLeftAlone(TileMath math) {
    RandomStream random = new RandomStream(44);
    int n = 900;
    int d = 16;
    int[] hashes = random.ints(n, 0, 3).toArray();
    AttentionPattern pattern = AttentionPattern.hashed(hashes, hashes, Causality.SELF);
    float[] q = normal(random, n * d, 1);
    float[] gradient = normal(random, n * d, 1);
    float[][][] results = new float[3][][];
    for (int threads = 1; threads <= 3; threads++) {
      int at = 5 * threads; // other numbers before and after
      try (WorkerTeam team = new WorkerTeam(threads)) {
        FlashAttention flash = new FlashAttention(d, d, 0.25, team, math);
        float[][] all = new float[5][n * d + 2 * at];
        for (float[] one : all) {
          Arrays.fill(one, 9);
        }
        flash.forward(
            pattern,
            Head.of(q),
            Head.of(q),
            Head.of(q),
            new Head(all[0], at),
            new Head(all[1], at));
        flash.backward(
            pattern,
            Head.of(q),
            Head.of(q),
            Head.of(q),
            new Head(all[0], at),
            new Head(all[1], at),
            Head.of(gradient),
            new Head(all[2], at),
            new Head(all[3], at),
            new Head(all[4], at));
        results[threads - 1] = new float[5][];
        for (int i = 0; i < 5; i++) {
          int length = i == 1 ? n : n * d;
          results[threads - 1][i] = Arrays.copyOfRange(all[i], at, at + length);
          for (int j = 0; j < all[i].length; j++) {
            if (j < at || j >= at + length) {
              assertThat(all[i][j]).isEqualTo(9);
            }
          }
        }
      }
    }
    assertThat(results[1]).isDeepEqualTo(results[0]);
    assertThat(results[2]).isDeepEqualTo(results[0]);
  }

  /** Everything allocated counts, whether it is needed at the same time or not. */
  @Test
  void memoryGrowsWithTheTokensAndNotWithTheirSquare() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    RandomStream random = new RandomStream(45);
    int n = 32_768;
    int d = 64;
    int[] hashes = random.ints(n, 0, 64).toArray();
    AttentionPattern pattern = AttentionPattern.hashed(hashes, hashes, Causality.SELF);
    Head q = Head.of(normal(random, n * d, 1));
    Head output = Head.of(new float[n * d]);
    Head logSumExp = Head.of(new float[n]);
    Head gradient = Head.of(new float[n * d]);
    FlashAttention flash = new FlashAttention(d, d, 0.125, TEAM);
    long before = threads.getTotalThreadAllocatedBytes();
    flash.forward(pattern, q, q, q, output, logSumExp);
    flash.backward(
        pattern, q, q, q, output, logSumExp, output, gradient, Head.of(new float[n * d]), output);
    assertThat(threads.getTotalThreadAllocatedBytes() - before).isLessThan(200_000_000);
  }

  /** From 0 down to where nothing is left, against the library. */
  @ParameterizedTest
  @MethodSource("maths")
  void exponentialsAreAccurate(TileMath math) {
    float[] x = new float[4003];
    for (int i = 0; i < x.length; i++) {
      x[i] = 3 - 0.025f * i;
    }
    float[] e = x.clone();
    float sum = math.exponentials(e, 1, e.length, 3);
    assertThat(e[0]).isEqualTo(x[0]);
    double total = 0;
    for (int i = 1; i < x.length; i++) {
      double expected = Math.exp((double) (x[i] - 3f));
      assertThat((double) e[i]).isCloseTo(expected, within(3e-7 * expected + 1.7e-38));
      total += expected;
    }
    assertThat((double) sum).isCloseTo(total, within(1e-5 * total));
  }
}
