package org.umwelt.agents.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  @TempDir private Path run;

  private Checkpoints checkpoints() {
    return new Checkpoints(run);
  }

  private void add(int epoch) throws IOException {
    checkpoints()
        .add(
            epoch,
            folder -> {
              Files.createDirectory(folder.resolve("optimizers"));
              Files.writeString(folder.resolve("optimizers/adam"), "moments");
              Files.writeString(folder.resolve("weights"), "of " + epoch);
            });
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void runWithoutCheckpointsHasNone() throws IOException {
    assertThat(checkpoints().newest()).isEmpty();
    checkpoints().removeAfter(0);
    assertThat(run).isEmptyDirectory();
  }

  @Test
  void newestTwoAreKept() throws IOException {
    for (int epoch : new int[] {1, 2, 9, 10, 1_000_000}) {
      add(epoch);
    }
    assertThat(names()).containsExactly("epoch-000010", "epoch-1000000");
    assertThat(checkpoints().all()).extracting(Checkpoint::epoch).containsExactly(10, 1_000_000);
    assertThat(checkpoints().newest().orElseThrow().folder().resolve("weights"))
        .hasContent("of 1000000");
  }

  @Test
  void incompleteOnesDoNotCountAndAreRemoved() throws IOException {
    add(1);
    Path partial = run.resolve("checkpoints/epoch-000002.partial");
    Files.createDirectories(partial.resolve("optimizers"));
    Files.writeString(partial.resolve("weights"), "of");
    assertThat(checkpoints().newest()).map(Checkpoint::epoch).contains(1);
    checkpoints().removeAfter(1);
    assertThat(names()).containsExactly("epoch-000001");
  }

  @Test
  void onesBehindAnEpochAreRemoved() throws IOException {
    add(3);
    add(4);
    checkpoints().removeAfter(3);
    assertThat(names()).containsExactly("epoch-000003");
    add(4);
    checkpoints().removeAfter(0);
    assertThat(names()).isEmpty();
  }

  @Test
  void failedOneLeavesNothingAndTheOthersAreKept() throws IOException {
    add(1);
    add(2);
    assertThatThrownBy(() ->
            checkpoints()
                .add(
                    3,
                    folder -> {
                      Files.writeString(folder.resolve("weights"), "o");
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");
    assertThat(names()).containsExactly("epoch-000001", "epoch-000002");
  }
}
