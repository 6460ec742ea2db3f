package org.umwelt.kernels.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.random.RandomStream;

/** Vectors give the bits of plain loops, before and after they are compiled. */
class VectorLatticeMathTest {
  private static final double[] COUPLINGS = {0.7, -0.4, 0.9, 1.3};
  private static final int[] PLACE = {3, -4, 5, 6};
  private static final int CALLS = 400;

  private final LatticeMath plain = new PlainLatticeMath();
  private final LatticeMath vectors = new VectorLatticeMath();

  private static double[] normal(int count, int seed) {
    RandomStream random = new RandomStream(seed);
    double[] numbers = new double[count];
    Arrays.setAll(numbers, _ -> random.nextGaussian());
    return numbers;
  }

  private static double[] steps(LatticeMath math, int n) {
    double[] field = normal(n + 2, 1);
    double[] momentum = normal(n + 2, 2);
    double[] drifted = new double[n + 2];
    double[] around = new double[n];
    math.pair(field, 2, 0, around, 0, n);
    math.addPair(momentum, 0, 1, around, 0, n);
    math.kick(momentum, field, 1, n, around, COUPLINGS, 0.1);
    math.drift(field, momentum, 1, n, 0.3);
    math.leapfrog(
        momentum,
        1,
        drifted,
        1,
        field,
        1,
        n,
        around,
        0,
        LatticeMath.NONE,
        LatticeMath.NONE,
        COUPLINGS,
        0.2,
        0.1);
    math.leapfrog(momentum, 1, field, 1, drifted, 1, n, around, 0, 2, 0, COUPLINGS, 0.2, 0.1);
    double[] all = Arrays.copyOf(field, 2 * n + 5);
    System.arraycopy(momentum, 0, all, n + 2, n + 2);
    all[2 * n + 4] = math.energy(momentum, field, 1, n, around, COUPLINGS);
    return all;
  }

  private static double[] updates(LatticeMath math, int n) {
    Block block = Block.ofThread();
    double[] all = new double[6 * n];
    math.normals(block, 7, 2, PLACE, all, 0, n, n, n);
    for (int kind = 0; kind < 2; kind++) {
      System.arraycopy(normal(n, 3), 0, block.phi, 0, n);
      System.arraycopy(normal(n, 4), 0, block.near, 0, n);
      for (int i = 0; i < n; i++) {
        block.site[i] = 3 * i + 1;
      }
      if (kind == 0) {
        math.metropolis(block, n, 1, PLACE, COUPLINGS);
      } else {
        math.reflect(block, n, 1, PLACE, COUPLINGS);
      }
      System.arraycopy(block.phi, 0, all, (2 + 2 * kind) * n, n);
      System.arraycopy(block.count, 0, all, (3 + 2 * kind) * n, n);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 64, 203, 1024})
  void vectorsGiveTheBitsOfPlainLoops(int n) {
    assertThat(steps(vectors, n)).containsExactly(steps(plain, n));
    assertThat(updates(vectors, n)).containsExactly(updates(plain, n));
  }

  @Test
  void bitsAreTheSameBeforeAndAfterCompilation() {
    double[] steps = steps(vectors, 203);
    double[] updates = updates(vectors, 203);
    for (int i = 0; i < CALLS; i++) {
      assertThat(steps(vectors, 203)).containsExactly(steps);
      assertThat(updates(vectors, 203)).containsExactly(updates);
    }
  }

  @Test
  void functionsAreThoseOfMath() {
    RandomStream random = new RandomStream(5);
    for (int i = 0; i < 100_000; i++) {
      double x = -30 * random.nextDouble();
      assertThat(PlainLatticeMath.exp(x)).isCloseTo(Math.exp(x), within(5e-16 * Math.exp(x)));
      double u = Math.exp(x);
      assertThat(PlainLatticeMath.log(u)).isCloseTo(Math.log(u), within(5e-16 * -Math.log(u)));
    }
    assertThat(PlainLatticeMath.exp(0)).isEqualTo(1);
    assertThat(PlainLatticeMath.exp(-1e9)).isLessThan(1e-300).isPositive();
    assertThat(PlainLatticeMath.log(1)).isEqualTo(0);
    assertThat(PlainLatticeMath.log(0x1p-53)).isEqualTo(Math.log(0x1p-53));
  }
}
