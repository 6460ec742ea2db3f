package org.umwelt.kernels.tile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.umwelt.kernels.random.RandomStream;

class VectorTileMathTest {
  /** Rows of a tile, so often that the compiler has compiled it before the end. */
  private static final int CALLS = 30_000;

  @Test
  void sumsHaveTheSameBitsBeforeAndAfterTheyAreCompiled() {
    TileMath math = new VectorTileMath();
    RandomStream random = new RandomStream(3);
    float[] x = new float[123];
    for (int i = 0; i < x.length; i++) {
      x[i] = -5 * random.nextFloat();
    }
    float[] first = x.clone();
    float expected = math.exponentials(first, 0, x.length, 0);
    double exact = 0;
    for (float exponential : first) {
      exact += exponential;
    }
    assertThat(Math.abs(expected - exact)).isLessThan(1e-6 * exact);
    float[] again = new float[x.length];
    for (int i = 0; i < CALLS; i++) {
      System.arraycopy(x, 0, again, 0, x.length);
      assertThat(math.exponentials(again, 0, x.length, 0)).isEqualTo(expected);
    }
    assertThat(again).containsExactly(first);
  }
}
