package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.settings.BadRequestException;

class RunFolderTest {
  @TempDir private Path root;

  private static ObjectNode config(int seed) {
    return JsonNodeFactory.instance.objectNode().put("env", "test/Walk-v0").put("seed", seed);
  }

  private static ObjectNode provenance() {
    return Provenance.now(List.of("evaluate"), 1, 2);
  }

  @Test
  void nameIsSafeInShellsAndFileSystems() {
    assertThat(RunFolder.name("ALE/Pong-v5?frameskip=1&x=0.25", "actions:a b.txt", "s7"))
        .isEqualTo("ale-pong-v5-frameskip-1-x-0.25-actions-a-b.txt-s7");
    assertThat(RunFolder.name("..", "s1")).isEqualTo("s1");
  }

  @Test
  void unusedCountsUpFromTwo() throws IOException {
    LocalDate day = LocalDate.of(2026, 2, 3);
    Path first = RunFolder.unused(root, day, "walk");
    assertThat(first).isEqualTo(root.resolve("2026-02-03/walk"));
    RunFolder.create(first, config(1), provenance()).close();
    assertThat(RunFolder.unused(root, day, "walk")).isEqualTo(root.resolve("2026-02-03/walk-2"));
  }

  @Test
  void newestIsTheLastOneWithTheSameConfiguration() throws IOException {
    for (String path : List.of("2026-02-03/w", "2026-02-03/w-2", "2026-02-03/w-10")) {
      RunFolder.create(root.resolve(path), config(1), provenance()).close();
    }
    RunFolder.create(root.resolve("2026-02-04/w"), config(2), provenance()).close();
    assertThat(RunFolder.newest(root, "w", config(1))).contains(root.resolve("2026-02-03/w-10"));
    assertThat(RunFolder.newest(root, "w", config(2))).contains(root.resolve("2026-02-04/w"));
    assertThat(RunFolder.newest(root, "w", config(3))).isEmpty();
    assertThat(RunFolder.newest(root.resolve("absent"), "w", config(1))).isEmpty();
  }

  @Test
  void everySessionLeavesItsProvenance() throws IOException {
    Path path = root.resolve("run");
    RunFolder.create(path, config(1), provenance()).close();
    RunFolder.reopen(path, config(1), provenance()).close();
    ObjectNode all = Json.object(Files.readString(path.resolve("provenance.json")));
    assertThat(all.get("sessions")).hasSize(2);
    assertThat(all.at("/sessions/1/command").toString()).isEqualTo("[\"umwelt\",\"evaluate\"]");
    assertThat(all.at("/sessions/1/workers").asInt()).isEqualTo(2);
  }

  @Test
  void openRunCannotBeOpenedAgain() throws IOException {
    Path path = root.resolve("run");
    try (RunFolder run = RunFolder.create(path, config(1), provenance())) {
      assertThat(run.result()).isEmpty();
      assertThatThrownBy(() -> RunFolder.reopen(path, config(1), provenance()))
          .isInstanceOf(BadRequestException.class);
    }
  }

  @Test
  void folderWithOnlyPartialFilesIsVacant() throws IOException {
    Files.writeString(root.resolve("config.json.partial"), "{");
    assertThat(RunFolder.isVacant(root)).isTrue();
    RunFolder.create(root, config(1), provenance()).close();
    assertThat(RunFolder.isVacant(root)).isFalse();
  }

  @Test
  void startThatComesSecondWritesNothing() throws IOException {
    try (MetricsLog other = MetricsLog.open(root.resolve("metrics.jsonl"))) {
      assertThat(other.read()).isEmpty();
      assertThatThrownBy(() -> RunFolder.create(root, config(1), provenance()))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("another process");
      assertThat(root.resolve("config.json")).doesNotExist();
    }
    RunFolder.create(root, config(1), provenance()).close();
    assertThat(root.resolve("config.json")).exists();
  }

  @Test
  void provenanceNamesTheRevisionOfTheCheckout() {
    ObjectNode git = (ObjectNode) provenance().get("git");
    if (!git.get("revision").isNull()) {
      assertThat(git.get("revision").asText()).matches("[0-9a-f]{40,64}");
      assertThat(git.get("dirty").isBoolean()).isTrue();
    } else {
      assertThat(git.get("dirty").isNull()).isTrue();
    }
  }
}
