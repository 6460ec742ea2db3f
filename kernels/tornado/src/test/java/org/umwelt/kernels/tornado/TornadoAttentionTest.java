package org.umwelt.kernels.tornado;

import org.junit.jupiter.api.AfterAll;
import org.umwelt.kernels.attention.AttentionKernel;
import org.umwelt.kernels.attention.AttentionKernelContract;
import org.umwelt.kernels.attention.DeviceAttention;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;

class TornadoAttentionTest extends AttentionKernelContract {
  private static final Backend BACKEND = Backends.open("tornado", 1);

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  @Override
  protected AttentionKernel kernel(int size, int valueSize, double scale) {
    return new DeviceAttention(BACKEND, size, valueSize, scale);
  }

  /** Each case is a kernel of its own, which takes seconds to compile. */
  @Override
  protected int rounds() {
    return 12;
  }

  @Override
  protected int[] lengths() {
    return new int[] {1, 33, 300};
  }
}
