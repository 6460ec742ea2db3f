package org.umwelt.kernels.array;

import java.util.Arrays;
import org.umwelt.kernels.array.device.MatrixProductKernel;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tile.TileMath;

/** The product of two matrices of float32, row-major. */
public final class MatrixProduct {
  /** The kernel: A [m, k], B [k, n], C [m, n], m, n, k. */
  public static final Kernel KERNEL =
      Kernel.of("matrix-product", "C = A B, float32", MatrixProductKernel.class, "multiply")
          .tuned(MatrixProduct::onProcessor);

  private static final int ROWS = 64; // of C that a thread computes at a time
  private static final int COLUMNS = 64;
  private static final int DEPTH = 256; // columns of A, rows of B, that stay in the cache

  private MatrixProduct() {}

  /**
   * Returns the call C = A B.
   *
   * @param a [m, k]
   * @param b [k, n]
   * @param c [m, n], overwritten
   */
  public static Call call(float[] a, float[] b, float[] c, int m, int n, int k) {
    ArrayKernels.expectLength("A", Math.multiplyExact(m, k), a.length);
    ArrayKernels.expectLength("B", Math.multiplyExact(k, n), b.length);
    ArrayKernels.expectLength("C", Math.multiplyExact(m, n), c.length);
    int tile = MatrixProductKernel.TILE;
    return Call.of(
        KERNEL,
        Work.groups(Math.ceilDiv(n, tile), Math.ceilDiv(m, tile), tile, tile),
        a,
        b,
        c,
        m,
        n,
        k);
  }

  /** Computes C = A B once; see {@link #call}. */
  public static void multiply(
      Backend backend, float[] a, float[] b, float[] c, int m, int n, int k) {
    backend.run(call(a, b, c, m, n, k));
  }

  private static void onProcessor(WorkerTeam team, Object[] arguments) {
    multiply(
        team,
        TileMath.fastest(),
        (float[]) arguments[0],
        (float[]) arguments[1],
        (float[]) arguments[2],
        (int) arguments[3],
        (int) arguments[4],
        (int) arguments[5]);
  }

  static void multiply(
      WorkerTeam team, TileMath math, float[] a, float[] b, float[] c, int m, int n, int k) {
    int panels = Math.ceilDiv(n, COLUMNS);
    float[] packed = new float[panels * k * COLUMNS]; // (panels, k, COLUMNS), 0 beyond n
    team.run(
        panels,
        panel -> {
          int first = panel * COLUMNS;
          int width = Math.min(COLUMNS, n - first);
          for (int p = 0; p < k; p++) {
            System.arraycopy(b, p * n + first, packed, (panel * k + p) * COLUMNS, width);
          }
        });
    team.run(
        Math.ceilDiv(m, ROWS),
        block -> {
          int first = block * ROWS;
          int rows = Math.min(ROWS, m - first);
          float[] left = Arrays.copyOfRange(a, first * k, (first + ROWS) * k); // 0 beyond m
          float[] tile = new float[ROWS * COLUMNS];
          for (int panel = 0; panel < panels; panel++) {
            for (int p = 0; p < k; p += DEPTH) {
              math.multiply(
                  ROWS,
                  COLUMNS,
                  Math.min(DEPTH, k - p),
                  left,
                  p,
                  k,
                  1,
                  packed,
                  (panel * k + p) * COLUMNS,
                  COLUMNS,
                  tile,
                  0,
                  COLUMNS,
                  p > 0);
            }
            int width = Math.min(COLUMNS, n - panel * COLUMNS);
            for (int row = 0; row < rows; row++) {
              System.arraycopy(tile, row * COLUMNS, c, (first + row) * n + panel * COLUMNS, width);
            }
          }
        });
  }
}
