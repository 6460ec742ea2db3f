package org.umwelt.kernels.tornado;

import org.umwelt.kernels.array.ArrayKernelsContract;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;

class TornadoArrayKernelsTest extends ArrayKernelsContract {
  @Override
  protected Backend open() {
    return Backends.open("tornado", 1);
  }
}
