package org.umwelt.kernels.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The heap of the C library, where tensors of the processor live.
 *
 * <p>Networks allocate and free the same megabytes in every step. Glibc gives them back to the
 * system each time, and page faults bring them in again, zeroed, at up to the price of the
 * computation itself.
 */
final class NativeHeap {
  // Numbers from glibc's malloc.h.
  private static final int TRIM_THRESHOLD = -1;
  private static final int TOP_PAD = -2;
  private static final int MMAP_THRESHOLD = -3;

  private static final int MEGABYTE = 1 << 20;

  private NativeHeap() {}

  /** Lets memory that is freed be kept for the next tensor. Does nothing on other C libraries. */
  static void keepFreedMemory() {
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("mallopt")
        .ifPresent(symbol -> {
          @SuppressWarnings("restricted")
          MethodHandle mallopt =
              linker.downcallHandle(
                  symbol,
                  FunctionDescriptor.of(
                      ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
          set(mallopt, TRIM_THRESHOLD, Integer.MAX_VALUE);
          set(mallopt, TOP_PAD, 16 * MEGABYTE);
          set(mallopt, MMAP_THRESHOLD, 32 * MEGABYTE); // the most it takes
        });
  }

  private static void set(MethodHandle mallopt, int parameter, int value) {
    try {
      int _ = (int) mallopt.invokeExact(parameter, value);
    } catch (Throwable e) {
      throw new LinkageError("mallopt", e);
    }
  }
}
