package org.umwelt.kernels.lattice.device;

import org.umwelt.kernels.api.Parallel;
import org.umwelt.kernels.api.Written;

/** A drift of a symplectic integrator: field + step * momentum. */
public final class DriftKernel {
  private DriftKernel() {}

  /**
   * Moves every number.
   *
   * @param field receives the sum
   * @param momentum as many numbers
   * @param step the length of the drift, alone in its array
   */
  public static void drift(
      int lo, int hi, @Written double[] field, double[] momentum, double[] step) {
    for (@Parallel int g = 0; g < hi - lo; g++) {
      int i = lo + g;
      field[i] = field[i] + step[0] * momentum[i];
    }
  }
}
