package org.umwelt.kernels.array;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tile.PlainTileMath;
import org.umwelt.kernels.tile.TileMath;

class MatrixProductTest {
  @Test
  void plainLoopsEqualVectorsAndThreadsDoNotMatter() {
    int m = 130;
    int n = 67;
    int k = 520;
    RandomStream random = new RandomStream(1);
    float[] a = new float[m * k];
    float[] b = new float[k * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextInt(5) - 2; // products and sums are exact
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = random.nextInt(5) - 2;
    }
    float[][] c = new float[3][m * n];
    try (WorkerTeam one = new WorkerTeam(1);
        WorkerTeam three = new WorkerTeam(3)) {
      MatrixProduct.multiply(one, new PlainTileMath(), a, b, c[0], m, n, k);
      MatrixProduct.multiply(one, TileMath.fastest(), a, b, c[1], m, n, k);
      MatrixProduct.multiply(three, TileMath.fastest(), a, b, c[2], m, n, k);
    }

    assertThat(c[1]).containsExactly(c[0]);
    assertThat(c[2]).containsExactly(c[0]);
  }
}
