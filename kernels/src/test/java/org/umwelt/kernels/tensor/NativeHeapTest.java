package org.umwelt.kernels.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NativeHeapTest {
  private static final int PAGES = 8 << 20 >> 12; // of 8 MB
  private static final int ROUNDS = 20;

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryOfAFreedTensorServesTheNext() throws IOException {
    fill(ROUNDS); // the heap grows to what it needs
    long before = pageFaults();
    fill(ROUNDS);
    // Memory given back each time would fault in every page of every round.
    assertThat(pageFaults() - before).isLessThan((long) ROUNDS * PAGES / 2);
  }

  private static void fill(int rounds) {
    for (int i = 0; i < rounds; i++) {
      fill();
    }
  }

  private static void fill() {
    try (PointerScope _ = new PointerScope()) {
      assertThat(Tensors.zeros(Compute.CPU, PAGES, 1 << 10).numel()).isEqualTo(PAGES << 10L);
    }
  }

  /** Returns how many pages the kernel has brought in for this thread. */
  private static long pageFaults() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    // Behind the name of the thread, which may hold spaces: the tenth field of all is minflt.
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[7]);
  }
}
