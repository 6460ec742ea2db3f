package org.umwelt.kernels.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.attention.AttentionKernel.Head;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tile.PlainTileMath;
import org.umwelt.kernels.tile.TileMath;
import org.umwelt.kernels.tile.VectorTileMath;

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
    assertThat(TileMath.fastest()).isInstanceOf(VectorTileMath.class);
  }

  private static float[] normal(RandomStream random, int count, double factor) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (factor * random.nextGaussian());
    }
    return values;
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

  @Test
  void memoryGrowsWithTheTokensAndNotWithTheirSquare() {
    int[] hashes = new RandomStream(45).ints(32_768, 0, 64).toArray();
    assertThat(allocated(AttentionPattern.hashed(hashes, hashes, Causality.SELF)))
        .isLessThan(200_000_000);
  }

  @Test
  @Tag("slow")
  void memoryOfDenseAttentionToo() {
    assertThat(allocated(AttentionPattern.causal(32_768, Causality.SELF))).isLessThan(200_000_000);
  }

  /**
   * Returns the bytes of both passes: all count, whether needed at the same time or not. Vectors
   * are objects until the loops are compiled, so these come to be compiled first.
   */
  private static long allocated(AttentionPattern pattern) {
    for (int i = 0; i < 3; i++) {
      measure(AttentionPattern.causal(4096, Causality.SELF));
    }
    return measure(pattern);
  }

  private static long measure(AttentionPattern pattern) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int n = pattern.queryRows();
    int d = 64;
    Head q = Head.of(normal(new RandomStream(46), n * d, 1));
    Head output = Head.of(new float[n * d]);
    Head logSumExp = Head.of(new float[n]);
    Head gradient = Head.of(new float[n * d]);
    Head other = Head.of(new float[n * d]);
    FlashAttention flash = new FlashAttention(d, d, 0.125, TEAM);
    long before = threads.getTotalThreadAllocatedBytes();
    flash.forward(pattern, q, q, q, output, logSumExp);
    flash.backward(pattern, q, q, q, output, logSumExp, output, gradient, other, output);
    return threads.getTotalThreadAllocatedBytes() - before;
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
