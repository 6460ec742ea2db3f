package org.umwelt.kernels.lattice;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;

class LatticeKernelsTest extends LatticeKernelsContract {
  @Override
  protected Backend open() {
    return new CpuBackend(2);
  }
}
