package org.umwelt.kernels.array;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;

class ArrayKernelsTest extends ArrayKernelsContract {
  @Override
  protected Backend open() {
    return new CpuBackend(2);
  }
}
