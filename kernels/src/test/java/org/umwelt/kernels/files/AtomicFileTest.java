package org.umwelt.kernels.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void textIsWrittenAsUtf8AndNothingElseIsLeft() throws IOException {
    Path file = folder.resolve("a.txt");

    AtomicFile.write(file, "φ⁴\n");

    assertThat(file).hasContent("φ⁴\n");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aShorterContentReplacesALongerOneWholly() throws IOException {
    Path file = folder.resolve("a.bin");
    AtomicFile.write(file, new byte[1000]);

    AtomicFile.write(file, new byte[] {1, 2, 3});

    assertThat(file).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void aLeftoverOfAnInterruptedWriteIsOverwritten() throws IOException {
    Path file = folder.resolve("a.txt");
    Files.writeString(AtomicFile.partial(file), "half of something much longer");

    AtomicFile.write(file, "whole");

    assertThat(file).hasContent("whole");
    assertThat(AtomicFile.partial(file)).doesNotExist();
  }

  @Test
  void theOldFileStandsUntilTheNewOneIsPublished() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(file, "old");
    Path partial = AtomicFile.partial(file);
    Files.writeString(partial, "new");
    assertThat(file).hasContent("old");

    AtomicFile.publish(partial, file);

    assertThat(file).hasContent("new");
    assertThat(partial).hasFileName("a.txt" + AtomicFile.PARTIAL_SUFFIX).doesNotExist();
  }

  @Test
  void aMissingFolderIsAnErrorAndNothingIsWritten() {
    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("missing/a.txt"), "x"))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(folder).isEmptyDirectory();
  }
}
