package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.settings.BadRequestException;

class MetricsLogTest {
  @TempDir private Path folder;

  private static ObjectNode line(int step) {
    return JsonNodeFactory.instance.objectNode().put("step", step);
  }

  @Test
  void linesAreThereAtOnceAndAfterReopening() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(line(1));
      assertThat(Files.readString(file)).isEqualTo("{\"step\":1}\n");
    }
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(line(2));
      assertThat(log.read()).containsExactly(line(1), line(2));
    }
  }

  @Test
  void tornLastLineIsCutOff() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    for (String torn : new String[] {"{\"st", "{\"step\":9}"}) {
      Files.writeString(file, "{\"step\":1}\n" + torn);
      try (MetricsLog log = MetricsLog.open(file)) {
        log.append(line(2));
        assertThat(log.read()).containsExactly(line(1), line(2));
      }
    }
  }

  @Test
  void damagedLineIsNamed() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1}\nnonsense\n{\"step\":3}\n");
    try (MetricsLog log = MetricsLog.open(file)) {
      assertThatThrownBy(log::read)
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("metrics.jsonl:2");
    }
  }

  @Test
  void secondWriterIsRefused() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      log.append(line(1));
      assertThatThrownBy(() -> MetricsLog.open(file))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("another process is writing");
    }
  }

  @Test
  void keptLinesStayAndWritingGoesOnBehindThem() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    try (MetricsLog log = MetricsLog.open(file)) {
      for (int step = 1; step <= 4; step++) {
        log.append(line(step));
      }
      log.keep(5);
      assertThat(log.read()).hasSize(4);
      log.keep(2);
      assertThat(Files.readString(file)).isEqualTo("{\"step\":1}\n{\"step\":2}\n");
      log.append(line(7));
      assertThat(log.read()).containsExactly(line(1), line(2), line(7));
      log.keep(0);
      assertThat(file).isEmptyFile();
    }
  }
}
