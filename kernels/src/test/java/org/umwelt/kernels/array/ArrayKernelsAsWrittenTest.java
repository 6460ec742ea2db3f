package org.umwelt.kernels.array;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;

class ArrayKernelsAsWrittenTest extends ArrayKernelsContract {
  @Override
  protected Backend open() {
    return CpuBackend.asWritten(2);
  }
}
