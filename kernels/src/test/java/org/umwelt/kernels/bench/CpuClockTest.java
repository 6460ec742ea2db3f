package org.umwelt.kernels.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CpuClockTest {
  @Test
  void countsAtLeastWhatThisThreadHasWorked() {
    double start = CpuClock.seconds();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    double sum = 0;
    for (int i = 1; i < 2_000_000; i++) {
      sum += 1.0 / i;
    }
    double worked = 1e-9 * (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);

    assertThat(sum).isPositive();
    // A microsecond is its unit; the kernel counts threads and process at slightly different times.
    assertThat(CpuClock.seconds() - start).isGreaterThanOrEqualTo(worked - 1e-3);
  }
}
