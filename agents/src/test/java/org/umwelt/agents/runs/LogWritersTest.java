package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogWritersTest {
  @TempDir private Path folder;

  @Test
  void theProcessThatLocksAFileIsSeenAndItsLockStays() throws IOException {
    Assumptions.assumeTrue(LogWriters.canBeSeen(folder), "this system does not list its locks");
    Path file = Files.createFile(folder.resolve("metrics.jsonl"));
    Path other = Files.createFile(folder.resolve("other"));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertThat(LogWriters.now().of(file)).isEmpty();
      channel.lock();
      for (int look = 0; look < 2; look++) {
        LogWriters writers = LogWriters.now();
        assertThat(writers.isComplete()).isTrue();
        assertThat(writers.of(file)).hasValue(ProcessHandle.current().pid());
        assertThat(writers.of(other)).isEmpty();
      }
    }
    assertThat(LogWriters.now().of(file)).isEmpty();
  }
}
