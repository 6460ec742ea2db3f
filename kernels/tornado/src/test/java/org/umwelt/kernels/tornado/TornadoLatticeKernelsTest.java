package org.umwelt.kernels.tornado;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.lattice.LatticeKernelsContract;

class TornadoLatticeKernelsTest extends LatticeKernelsContract {
  @Override
  protected Backend open() {
    return Backends.open("tornado", 1);
  }
}
