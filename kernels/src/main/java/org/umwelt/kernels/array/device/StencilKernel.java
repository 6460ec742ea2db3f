package org.umwelt.kernels.array.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;

/** One sweep of a five-point stencil over a periodic grid. */
public final class StencilKernel {
  private StencilKernel() {}

  /**
   * out = centre * in + neighbour * (sum of the four neighbours).
   *
   * @param in [height, width]
   * @param out [height, width], another array
   */
  public static void sweep(
      int lo,
      int hi,
      float[] in,
      @Written float[] out,
      int height,
      int width,
      float centre,
      float neighbour) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int cell = lo + g;
      int row = cell / width;
      int column = cell - row * width;
      int above = row == 0 ? cell + (height - 1) * width : cell - width;
      int below = row == height - 1 ? cell - (height - 1) * width : cell + width;
      int left = column == 0 ? cell + width - 1 : cell - 1;
      int right = column == width - 1 ? cell - width + 1 : cell + 1;
      out[cell] = centre * in[cell] + neighbour * (in[above] + in[below] + (in[left] + in[right]));
    }
  }
}
