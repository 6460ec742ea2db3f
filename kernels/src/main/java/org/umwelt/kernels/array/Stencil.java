package org.umwelt.kernels.array;

import org.umwelt.kernels.array.device.StencilKernel;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.parallel.WorkerTeam;

/** A sweep of a five-point stencil over a periodic grid of float32. */
public final class Stencil {
  /**
   * The kernel: in and out [height, width], height, width, weights of the centre and a neighbour.
   */
  public static final Kernel KERNEL =
      Kernel.of(
              "stencil",
              "out = a in + b (sum of four neighbours) on a periodic grid",
              StencilKernel.class,
              "sweep")
          .tuned(Stencil::onProcessor);

  private static final int ROWS = 16; // that a thread sweeps at a time

  private Stencil() {}

  /**
   * Returns the call out = centre * in + neighbour * (sum of the four neighbours).
   *
   * @param in [height, width]
   * @param out [height, width], another array, overwritten
   */
  @SuppressWarnings("ReferenceEquality") // one array is what must not be
  public static Call call(
      float[] in, float[] out, int height, int width, float centre, float neighbour) {
    ArrayKernels.expectLength("the grid", Math.multiplyExact(height, width), in.length);
    ArrayKernels.expectLength("the result", Math.multiplyExact(height, width), out.length);
    if (in == out) {
      throw new IllegalArgumentException("expected the result in another array than the grid");
    }
    return Call.of(KERNEL, Work.range(height * width), in, out, height, width, centre, neighbour);
  }

  private static void onProcessor(WorkerTeam team, Object[] arguments) {
    float[] in = (float[]) arguments[0];
    float[] out = (float[]) arguments[1];
    int height = (int) arguments[2];
    int width = (int) arguments[3];
    float centre = (float) arguments[4];
    float neighbour = (float) arguments[5];
    team.run(
        Math.ceilDiv(height, ROWS),
        block -> {
          for (int row = block * ROWS; row < Math.min(height, (block + 1) * ROWS); row++) {
            row(in, out, height, width, row, centre, neighbour);
          }
        });
  }

  /** Sweeps one row: its ends apart, so that the rest needs no question. */
  private static void row(
      float[] in, float[] out, int height, int width, int row, float centre, float neighbour) {
    int at = row * width;
    int above = (row == 0 ? height - 1 : row - 1) * width;
    int below = (row == height - 1 ? 0 : row + 1) * width;
    int last = width - 1;
    out[at] =
        centre * in[at]
            + neighbour * (in[above] + in[below] + (in[at + last] + in[width == 1 ? at : at + 1]));
    for (int i = 1; i < last; i++) {
      out[at + i] =
          centre * in[at + i]
              + neighbour * (in[above + i] + in[below + i] + (in[at + i - 1] + in[at + i + 1]));
    }
    if (last > 0) {
      out[at + last] =
          centre * in[at + last]
              + neighbour * (in[above + last] + in[below + last] + (in[at + last - 1] + in[at]));
    }
  }
}
