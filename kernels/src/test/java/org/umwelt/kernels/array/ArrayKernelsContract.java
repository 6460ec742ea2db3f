package org.umwelt.kernels.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.random.RandomStream;

/** What every back end makes of the kernels over arrays. */
public abstract class ArrayKernelsContract {
  private Backend backend;

  /** Opens the back end under test. */
  protected abstract Backend open();

  @BeforeEach
  void openIt() {
    backend = open();
  }

  @AfterEach
  void closeIt() {
    backend.close();
  }

  private static float[] normal(long seed, int count) {
    RandomStream random = new RandomStream(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "16, 16, 16", "17, 5, 33", "64, 64, 64", "70, 129, 300", "3, 200, 1"})
  void productsEqualThoseInDoublePrecision(int m, int n, int k) {
    float[] a = normal(1, m * k);
    float[] b = normal(2, k * n);
    float[] c = normal(3, m * n); // overwritten

    MatrixProduct.multiply(backend, a, b, c, m, n, k);

    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += (double) a[i * k + p] * b[p * n + j];
        }
        assertThat((double) c[i * n + j]).isCloseTo(sum, within(1e-6 * k + 1e-5));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "5, 1", "2, 2", "3, 4", "33, 65"})
  void stencilsEqualTheFormula(int height, int width) {
    float[] in = normal(1, height * width);
    float[] out = new float[height * width];

    backend.run(Stencil.call(in, out, height, width, 0.5f, -0.25f));

    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        double around =
            in[Math.floorMod(row - 1, height) * width + column]
                + (double) in[Math.floorMod(row + 1, height) * width + column]
                + in[row * width + Math.floorMod(column - 1, width)]
                + in[row * width + Math.floorMod(column + 1, width)];
        assertThat((double) out[row * width + column])
            .isCloseTo(0.5 * in[row * width + column] - 0.25 * around, within(1e-6));
      }
    }
  }

  @Test
  void aLaunchReadsWhatTheArraysHoldNow() {
    float[] in = new float[64];
    float[] out = new float[64];
    try (Launch launch =
        backend.prepare(Stencil.call(in, out, 8, 8, 0, 1), Stencil.call(out, in, 8, 8, 0, 1))) {
      in[0] = 1;
      launch.run();
      float[] once = in.clone();
      Arrays.fill(in, 0);
      in[0] = 2;
      launch.run();

      assertThat(once[0]).isEqualTo(4); // there and back by each of four neighbours
      for (int i = 0; i < 64; i++) {
        assertThat(in[i]).isEqualTo(2 * once[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 127, 128, 1000, 100_003})
  void sumsAreExactWhereTheyCanBe(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 3);
    assertThat(Sum.of(backend, ones)).isEqualTo(3.0 * count);
    float[] values = normal(1, count);
    double exact = 0;
    for (float value : values) {
      exact += value;
    }
    assertThat(Sum.of(backend, values)).isCloseTo(exact, within(1e-5 * Math.sqrt(count) + 1e-6));
  }

  @Test
  void wordsAreThoseOfARandomStreamBitByBit() {
    int[] words = new int[4096];
    int[] where = RandomWords.place(0x1234_5678_9ABC_DEF0L, 7, 0);
    Call call = RandomWords.call(words, where);
    try (Launch launch = backend.prepare(call)) {
      launch.run();
      RandomStream expected = new RandomStream(0x1234_5678_9ABC_DEF0L, 7);
      for (int i = 0; i < words.length; i++) {
        assertThat(words[i]).as("word %d", i).isEqualTo(expected.nextInt());
      }

      System.arraycopy(
          RandomWords.place(-1, -2, (1L << 34) - 8), 0, where, 0, where.length); // carries
      launch.run();
    }
    int[] block = new int[4];
    for (int i = 0; i < words.length; i += 4) {
      long number = (1L << 32) - 2 + i / 4;
      org.umwelt.kernels.random.Philox.block(
          (int) number, (int) (number >>> 32), -2, -1, -1, -1, block);
      assertThat(Arrays.copyOfRange(words, i, i + 4)).containsExactly(block);
    }
  }

  @Test
  void wrongCallsAreRefused() {
    assertThatThrownBy(() -> MatrixProduct.call(new float[6], new float[6], new float[3], 2, 2, 3))
        .hasMessageContaining("4 numbers in C");
    float[] grid = new float[4];
    assertThatThrownBy(() -> Stencil.call(grid, grid, 2, 2, 1, 1))
        .hasMessageContaining("another array");
    assertThatThrownBy(() -> RandomWords.call(new int[6], new int[6]))
        .hasMessageContaining("multiple of 4");
  }
}
