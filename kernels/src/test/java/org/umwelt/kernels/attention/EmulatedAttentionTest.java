package org.umwelt.kernels.attention;

import org.junit.jupiter.api.AfterAll;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.CpuBackend;

/** The kernels for devices, work item by work item on the processor. */
class EmulatedAttentionTest extends AttentionKernelContract {
  private static final Backend BACKEND = CpuBackend.asWritten(2);

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  @Override
  protected AttentionKernel kernel(int size, int valueSize, double scale) {
    return new DeviceAttention(BACKEND, size, valueSize, scale);
  }

  @Override
  protected int[] lengths() {
    return new int[] {1, 2, 31, 32, 33, 129};
  }
}
