package org.umwelt.kernels.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.files.NumpyFile.Field;
import org.umwelt.kernels.files.NumpyFile.Layout;

class NumpyFileTest {
  private static final Layout STRUCTURED =
      new Layout(List.of(new Field("M", 1), new Field("C", 3)), List.of(2));

  @TempDir private Path folder;

  private static double[] row(int first) {
    double[] numbers = new double[8];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = first + i / 8.0;
    }
    return numbers;
  }

  /** The header as numpy.lib.format documents it, byte by byte. */
  @Test
  void theHeaderIsNumPys() throws IOException {
    Path path = folder.resolve("plain.npy");
    try (NumpyFile file = NumpyFile.create(path, Layout.of(2, 4))) {
      file.append(row(1));
      file.publish();
    }
    byte[] bytes = Files.readAllBytes(path);
    assertThat(bytes).hasSize(128 + 64).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
    assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
        .isEqualTo(
            "%-117s\n".formatted("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 4), }"));
    assertThat(bytes[128 + 7]).isEqualTo((byte) 0x3f); // 1.0, little-endian
  }

  @Test
  void goesOnBehindTheRowsThatCount() throws IOException {
    Path path = folder.resolve("rows.npy");
    try (NumpyFile file = NumpyFile.create(path, STRUCTURED)) {
      for (int i = 0; i < 5; i++) {
        file.append(row(i));
      }
      file.publish();
      file.append(row(5)); // never published, as where the process is killed
    }
    try (NumpyFile file = NumpyFile.reopen(path, STRUCTURED, 3)) {
      assertThat(file.rows()).isEqualTo(3);
      file.append(row(30));
      file.publish();
      assertThat(file.read(2)).containsExactly(row(2));
      assertThat(file.read(3)).containsExactly(row(30));
      assertThatThrownBy(() -> file.read(4)).isInstanceOf(IOException.class);
    }
    assertThat(Files.readString(path, StandardCharsets.ISO_8859_1)).contains("'shape': (4, 2)");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path path = folder.resolve("rows.npy");
    try (NumpyFile file = NumpyFile.create(path, STRUCTURED)) {
      file.append(row(0));
      file.publish();
    }
    assertThatThrownBy(() -> NumpyFile.reopen(path, STRUCTURED, 2))
        .hasMessageContaining("2 rows")
        .hasMessageContaining("shorter");
    assertThatThrownBy(() -> NumpyFile.reopen(path, Layout.of(2, 4), 1))
        .hasMessageContaining("something else");
    try (NumpyFile file = NumpyFile.reopen(path, STRUCTURED, 1)) {
      assertThatThrownBy(() -> file.append(new double[3])).hasMessage("expected 8 numbers, got 3");
    }
  }

  @Test
  @Tag("python")
  void numPyReadsIt() throws Exception {
    String python = System.getenv("UMWELT_PYTHON");
    assumeTrue(python != null, "UMWELT_PYTHON names no Python with numpy");
    Path path = folder.resolve("rows.npy");
    try (NumpyFile file = NumpyFile.create(path, STRUCTURED)) {
      for (int i = 0; i < 12_000; i++) {
        file.append(row(i));
      }
      file.publish();
    }
    Process process =
        new ProcessBuilder(
                String.valueOf(python),
                "-c",
                """
                import numpy, sys
                a = numpy.load(sys.argv[1], mmap_mode="r")
                print(a.shape, a["C"].shape, a["M"][11999, 1], a["C"][7, 0, 2])
                """,
                path.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(output.strip()).isEqualTo("(12000, 2) (12000, 2, 3) 11999.5 7.375");
  }

  @Test
  void isReadWhileItGrows() throws IOException {
    Path path = folder.resolve("rows.npy");
    try (NumpyFile file = NumpyFile.create(path, STRUCTURED);
        NumpyReader reader = NumpyReader.open(path)) {
      assertThat(reader.layout()).isEqualTo(STRUCTURED);
      assertThat(reader.rows()).isZero();
      file.append(row(0));
      file.append(row(1));
      assertThat(reader.rows()).isZero();
      file.publish();
      assertThat(reader.rows()).isEqualTo(2);
      assertThat(reader.read(1)).containsExactly(row(1));
      assertThatThrownBy(() -> reader.read(2)).hasMessageContaining("ends too early");
    }
    Path plain = folder.resolve("plain.npy");
    try (NumpyFile file = NumpyFile.create(plain, Layout.of(2, 4))) {
      file.append(row(3));
      file.publish();
    }
    try (NumpyReader reader = NumpyReader.open(plain)) {
      assertThat(reader.layout()).isEqualTo(Layout.of(2, 4));
      assertThat(reader.read(0)).containsExactly(row(3));
    }
  }

  @Test
  void theReaderRefusesOtherFiles() throws IOException {
    Path words = Files.writeString(folder.resolve("words.npy"), "no array of NumPy at all");
    assertThatThrownBy(() -> NumpyReader.open(words)).hasMessageContaining("array of float64");
    Path cut = Files.writeString(folder.resolve("cut.npy"), "abc");
    assertThatThrownBy(() -> NumpyReader.open(cut)).hasMessageContaining("ends too early");
    for (String type : List.of("'<f4'", "[('a', '<f8'), ('b', '<f4')]", "[('a', '<f8', (2, 2))]")) {
      String header =
          "\u0093NUMPY\u0001\u0000v\u0000%-117s\n"
              .formatted(
                  "{'descr': %s, 'fortran_order': False, 'shape': (0, 2), }".formatted(type));
      Path path = folder.resolve("other.npy");
      Files.writeString(path, header, StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> NumpyReader.open(path))
          .as(type)
          .hasMessageContaining("array of float64");
    }
  }
}
