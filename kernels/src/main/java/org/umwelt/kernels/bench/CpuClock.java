package org.umwelt.kernels.bench;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * CPU time of this process, all threads together: those of the JVM and of native libraries too.
 *
 * <p>It is C's {@code clock()}, in microseconds wherever it is POSIX's, and the clock of Python's
 * {@code time.process_time()}. {@code OperatingSystemMXBean.getProcessCpuTime()} goes in steps of
 * 10 ms.
 */
public final class CpuClock {
  private static final double CLOCKS_PER_SECOND = 1e6; // POSIX demands it

  private static final MethodHandle CLOCK = clock();

  private CpuClock() {}

  @SuppressWarnings("restricted")
  private static MethodHandle clock() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("clock"), FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  /** Returns the seconds since some fixed moment. */
  public static double seconds() {
    try {
      return (long) CLOCK.invokeExact() / CLOCKS_PER_SECOND;
    } catch (Throwable e) {
      throw new LinkageError("clock", e);
    }
  }
}
