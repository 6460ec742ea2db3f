package org.umwelt.kernels.tile;

/** Plain loops, for a JVM without {@code jdk.incubator.vector}. */
public final class PlainTileMath implements TileMath {
  private static final int LANES = 8;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public String description() {
    return "plain loops (--add-modules jdk.incubator.vector makes it several times faster)";
  }

  @Override
  public void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aAt,
      int aRow,
      int aColumn,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow,
      boolean add) {
    for (int i = 0; i < m; i++) {
      int row = cAt + i * cRow;
      if (!add) {
        java.util.Arrays.fill(c, row, row + n, 0);
      }
      for (int p = 0; p < k; p++) {
        float factor = a[aAt + i * aRow + p * aColumn];
        int from = bAt + p * bRow;
        for (int j = 0; j < n; j++) {
          c[row + j] += factor * b[from + j];
        }
      }
    }
  }

  @Override
  public float maximum(float[] x, int from, int to) {
    float largest = x[from];
    for (int i = from + 1; i < to; i++) {
      largest = Math.max(largest, x[i]);
    }
    return largest;
  }

  @Override
  public float exponentials(float[] x, int from, int to, float shift) {
    float sum = 0;
    for (int i = from; i < to; i++) {
      x[i] = (float) Math.exp(x[i] - shift);
      sum += x[i];
    }
    return sum;
  }

  @Override
  public void scale(float[] x, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      x[i] *= factor;
    }
  }

  @Override
  public void weigh(float[] x, int from, int to, float shift, float[] p, int pFrom) {
    for (int i = from; i < to; i++) {
      x[i] = p[pFrom + i - from] * (x[i] - shift);
    }
  }
}
