package org.umwelt.kernels.tile;

/**
 * Arithmetic on tiles that fit the cache: products of small matrices, and what attention needs
 * between them. Widths are multiples of {@link #lanes()}, heights of {@link #ROWS}.
 */
public interface TileMath {
  /** Returns the fastest this JVM was started for; logs once where another flag would help. */
  static TileMath fastest() {
    return FastTileMath.FASTEST;
  }

  /** Rows of a product computed together. */
  int ROWS = 4;

  /** Returns what every width is a multiple of. */
  int lanes();

  /** Returns what it computes with, for reports. */
  String description();

  /**
   * Computes C = A B, or C = C + A B.
   *
   * @param m rows of A and C
   * @param n columns of B and C
   * @param k columns of A, rows of B
   * @param a element (i, p) is at {@code aAt + i * aRow + p * aColumn}
   * @param b element (p, j) is at {@code bAt + p * bRow + j}
   * @param c element (i, j) is at {@code cAt + i * cRow + j}
   */
  void multiply(
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
      boolean add);

  /** Returns the largest of {@code x[from..to)}; there is at least one. */
  float maximum(float[] x, int from, int to);

  /** Replaces {@code x[from..to)} by exp(x - shift), which is at most 1, and returns the sum. */
  float exponentials(float[] x, int from, int to, float shift);

  /** Multiplies {@code x[from..to)}. */
  void scale(float[] x, int from, int to, float factor);

  /** Replaces {@code x[from..to)} by p (x - shift). */
  void weigh(float[] x, int from, int to, float shift, float[] p, int pFrom);
}
