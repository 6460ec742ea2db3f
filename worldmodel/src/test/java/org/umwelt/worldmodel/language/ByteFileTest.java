package org.umwelt.worldmodel.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.settings.BadRequestException;

class ByteFileTest {
  private static final int SIZE = 4000;
  private static final int SPLIT = 3800;

  @TempDir private Path folder;

  /** Writes bytes i mod 251, so that a byte tells where it stands. */
  private Path file(int size) throws IOException {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i % 251);
    }
    Path file = folder.resolve("bytes");
    Files.write(file, bytes);
    return file;
  }

  private static void assertFollows(Batch sequence) {
    for (int i = 0; i < sequence.length(); i++) {
      assertThat(sequence.targets()[i]).isEqualTo((sequence.tokens()[i] + 1) % 251);
    }
  }

  @Test
  void targetsAreTheNextBytesAndTheLastTwentiethIsHeldOut() throws IOException {
    ByteFile corpus = new ByteFile(file(SIZE), 199, 4);
    for (int i = 0; i < 50; i++) {
      assertFollows(corpus.training(i));
      assertThat(corpus.training(i).tokens()).containsExactly(corpus.training(i).tokens());
    }
    // The only sequence there is room for.
    Batch heldOut = corpus.heldOut(0, 2);
    assertFollows(heldOut);
    assertThat(heldOut.tokens()[0]).isEqualTo(SPLIT % 251);
    assertThat(corpus.heldOut(1, 2).tokens()).containsExactly(heldOut.tokens());
    assertThat(corpus.vocabulary()).isEqualTo(256);
    assertThat(corpus.description()).contains("3,800 bytes to learn from, 200 held out");
  }

  @Test
  void trainingNeverReadsWhatIsHeldOut() throws IOException {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, SPLIT, SIZE, (byte) 0xff);
    Path file = folder.resolve("split");
    Files.write(file, bytes);
    ByteFile corpus = new ByteFile(file, 3, 4);
    for (int i = 0; i < 20_000; i++) {
      assertThat(corpus.training(i).targets()).containsOnly(0L);
    }
    for (int i = 0; i < 60; i++) {
      assertThat(corpus.heldOut(i, 60).tokens()).containsOnly(0xffL);
      assertThat(corpus.heldOut(i, 60).targets()).containsOnly(0xffL);
    }
  }

  @Test
  void fingerprintTellsFilesApart() throws IOException {
    Path file = file(SIZE);
    long first = new ByteFile(file, 10, 0).fingerprint();
    assertThat(new ByteFile(file, 10, 3).fingerprint()).isEqualTo(first);
    byte[] bytes = Files.readAllBytes(file);
    bytes[77]++;
    Files.write(file, bytes);
    assertThat(new ByteFile(file, 10, 0).fingerprint()).isNotEqualTo(first);
  }

  @Test
  void refusesWhatIsNotThereOrTooShort() throws IOException {
    assertThatThrownBy(() -> new ByteFile(folder.resolve("none"), 8, 0))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("data: expected recall or a file, there is no file " + folder.resolve("none"));
    assertThatThrownBy(() -> new ByteFile(folder, 8, 0)).isInstanceOf(BadRequestException.class);
    Path file = file(SIZE);
    assertThatThrownBy(() -> new ByteFile(file, 200, 0))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "data=%s: expected at least 4,020 bytes for sequences of length=200, since a twentieth is held out, got 4,000",
            file);
  }
}
