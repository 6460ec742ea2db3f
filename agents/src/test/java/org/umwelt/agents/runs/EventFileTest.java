package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  @TempDir private Path folder;

  private Path only() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList().getFirst();
    }
  }

  @Test
  void bytesAreThoseOfTensorBoardsOwnWriter() throws IOException {
    try (EventFile events = EventFile.create(folder, 1.5)) {
      events.scalar(2.25, 300, "episode/return", -1.5);
    }
    // Written by tensorboard 2.21: RecordWriter with two Event messages of the same content.
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(only())))
        .isEqualTo(
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
                + "2500000000000000eabc36f309000000000000024010ac022a170a150a0e657069736f64652f"
                + "72657475726e150000c0bfb79918f7");
  }

  @Test
  void secondFileOfTheSameSecondStandsBesideTheFirst() throws IOException {
    EventFile.create(folder, 1.5).close();
    EventFile.create(folder, 1.75).close();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "events.out.tfevents.0000000001.umwelt", "events.out.tfevents.0000000001.umwelt.1");
    }
  }

  @Test
  void moreThanTheBufferHoldsIsWritten() throws IOException {
    try (EventFile events = EventFile.create(folder, 1)) {
      for (int step = 0; step < 5000; step++) {
        events.scalar(1, step, "a", step);
      }
    }
    // 40 for the version; 16 of frame, 9 of time, 2 to 3 of step, 2 + 2 + 3 + 5 of summary.
    assertThat(Files.size(only())).isEqualTo(40 + 5000L * (16 + 9 + 12 + 3) - 128);
  }

  @Test
  @Tag("python")
  void tensorBoardReadsTheScalars() throws Exception {
    try (EventFile events = EventFile.create(folder, 1.5)) {
      for (int step = 0; step < 200; step++) {
        events.scalar(2 + step, step, "episode/return", 0.5 * step);
      }
    }
    String program =
        """
        import sys
        from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
        for event in EventFileLoader(sys.argv[1]).Load():
            for value in event.summary.value:
                print(event.step, event.wall_time, value.tag, value.tensor.float_val[0])
        """;
    Process python =
        new ProcessBuilder(python(), "-c", program, only().toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = python.inputReader(StandardCharsets.UTF_8).readAllLines();
    Assumptions.assumeTrue(
        python.waitFor() == 0, "needs a Python with tensorboard, named by UMWELT_PYTHON");
    assertThat(lines).hasSize(200);
    assertThat(lines.get(199)).isEqualTo("199 201.0 episode/return 99.5");
  }

  private static String python() {
    String python = System.getenv("UMWELT_PYTHON");
    return python == null ? "python3" : python;
  }
}
