package org.umwelt.kernels.array;

import java.util.List;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.KernelProvider;

/** The kernels of this package. */
public final class ArrayKernels implements KernelProvider {
  @Override
  public List<Kernel> kernels() {
    return List.of(MatrixProduct.KERNEL, Stencil.KERNEL, Sum.KERNEL, RandomWords.KERNEL);
  }

  /** Checks the length of an array. */
  static void expectLength(String what, int expected, int found) {
    if (found != expected) {
      throw new IllegalArgumentException(
          "expected %d numbers in %s, got %d".formatted(expected, what, found));
    }
  }
}
