package org.umwelt.kernels.lattice;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;

class LatticeKernelsAsWrittenTest extends LatticeKernelsContract {
  @Override
  protected Backend open() {
    return CpuBackend.asWritten(2);
  }
}
