package org.umwelt.kernels.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

class SafetensorsTest {
  /** Written by safetensors 0.8.0, {@code save_file} of the tensors of {@link #sample}. */
  private static final String SAMPLE =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"n\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
          + "\"w\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[8,16]},"
          + "\"b.half\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[16,18]},"
          + "\"flags\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[18,21]}}";

  private static final byte[] SAMPLE_DATA = {
    7, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 0x3f, 0, 0, 0, (byte) 0xc0, 0, 0x38, 1, 0, 1
  };

  @TempDir Path folder;

  private static WeightFile sample() {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", StoredTensor.of(new float[] {1.5f, -2}, 1, 2));
    tensors.put("b.half", bytes(ElementType.F16, List.of(1L), 0, 0x38));
    tensors.put("n", StoredTensor.of(new long[] {7}));
    tensors.put("flags", bytes(ElementType.BOOL, List.of(3L), 1, 0, 1));
    return new WeightFile(tensors, Map.of("format", "pt"));
  }

  private static StoredTensor bytes(ElementType type, List<Long> shape, int... values) {
    byte[] data = new byte[values.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) values[i];
    }
    return new StoredTensor(type, shape, MemorySegment.ofArray(data));
  }

  private static byte[] file(String header, byte... data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("a.safetensors"), content);
  }

  private void assertRefused(byte[] content, String message) throws IOException {
    Path file = write(content);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void bytesAreThoseOfSafetensorsOwnWriter() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, sample());
    String padded = SAMPLE + " ".repeat(Math.floorMod(-SAMPLE.length(), 8));
    assertThat(file).hasBinaryContent(file(padded, SAMPLE_DATA));
    assertThat(AtomicFile.partial(file)).doesNotExist();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, sample());
    WeightFile read = Safetensors.read(file);
    assertThat(read).isEqualTo(sample());
    assertThat(read.tensors().sequencedKeySet()).containsExactly("n", "w", "b.half", "flags");
  }

  @Test
  void everyTypeAndEmptyTensorsComeBack() throws IOException {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    RandomStream random = new RandomStream(5);
    for (ElementType type : ElementType.values()) {
      byte[] data = new byte[type.bytes() * 15];
      random.nextBytes(data);
      tensors.put(
          "φ\"\\\n" + type, new StoredTensor(type, List.of(5L, 3L), MemorySegment.ofArray(data)));
      tensors.put("empty " + type, bytes(type, List.of(4L, 0L)));
    }
    WeightFile weights = new WeightFile(tensors, Map.of("z", "", "a", "é\u2028\n"));
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, weights);
    assertThat(Safetensors.read(file)).isEqualTo(weights);
  }

  @Test
  void noTensorsIsAFileToo() throws IOException {
    WeightFile nothing = new WeightFile(new LinkedHashMap<>(), Map.of());
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, nothing);
    assertThat(file).hasBinaryContent(file("{}      "));
    assertThat(Safetensors.read(file)).isEqualTo(nothing);
  }

  @Test
  void tensorsBeginAtMultiplesOfTheirElementSize() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, sample());
    for (StoredTensor tensor : Safetensors.read(file).tensors().values()) {
      assertThat(tensor.data().address() % tensor.type().bytes()).isZero();
    }
  }

  @Test
  void aFileMayBeReplacedWhileItsTensorsAreInUse() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, sample());
    WeightFile before = Safetensors.read(file);
    Safetensors.write(file, new WeightFile(new LinkedHashMap<>(), Map.of()));
    assertThat(before).isEqualTo(sample());
    Safetensors.write(file, before);
    assertThat(Safetensors.read(file)).isEqualTo(sample());
  }

  @Test
  void dataOnTheHeapOfAnyTypeIsWritten() throws IOException {
    // More than one chunk, of a segment that is no byte array.
    float[] values = new float[300_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    MemorySegment heap = MemorySegment.ofArray(values);
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", new StoredTensor(ElementType.F32, List.of((long) values.length), heap));
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, new WeightFile(tensors, Map.of()));
    StoredTensor read = Safetensors.read(file).tensors().sequencedValues().getFirst();
    assertThat(read.toFloats()).isEqualTo(values);
  }

  @Test
  @Tag("slow")
  void moreThanTwoGigabytesAreWrittenAndRead() throws IOException {
    Path sparse = folder.resolve("sparse");
    long bytes = (1L << 31) + 24;
    StoredTensor large;
    try (FileChannel channel =
        FileChannel.open(
            sparse, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment zeros = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
      zeros.set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) 42);
      large = new StoredTensor(ElementType.I8, List.of(bytes), zeros);
    }
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("large", large);
    tensors.put("last", bytes(ElementType.U8, List.of(1L), 9));
    WeightFile weights = new WeightFile(tensors, Map.of());
    Path file = folder.resolve("a.safetensors");
    Safetensors.write(file, weights);
    assertThat(Safetensors.read(file)).isEqualTo(weights);
  }

  @Test
  void metadataIsNoNameForATensor() {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("__metadata__", StoredTensor.of(new float[1], 1));
    Path file = folder.resolve("a.safetensors");
    assertThatThrownBy(() -> Safetensors.write(file, new WeightFile(tensors, Map.of())))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(file + ": entry __metadata__: the format reserves this name; give it another");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFileThatIsMissingIsNamed() {
    Path file = folder.resolve("missing.safetensors");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(file + ": expected a safetensors file, found none");
    assertThatThrownBy(() -> Safetensors.read(folder))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(folder + ": expected a safetensors file, found none");
  }

  @Test
  void headersMustBeThere() throws IOException {
    assertRefused(new byte[7], "expected a safetensors file, found 7 bytes; copy it again");
    assertRefused(
        new byte[] {1, (byte) 0xe1, (byte) 0xf5, 5, 0, 0, 0, 0},
        "expected a header of at most 100000000 bytes, found a length of 100000001;"
            + " is this a safetensors file?");
    assertRefused(
        new byte[] {-1, -1, -1, -1, -1, -1, -1, -1},
        "expected a header of at most 100000000 bytes, found a length of 18446744073709551615;"
            + " is this a safetensors file?");
    assertRefused(
        Arrays.copyOf(file(SAMPLE), 100),
        "expected %d bytes of header, found 92; the file is cut short, copy it again"
            .formatted(SAMPLE.length()));
    assertRefused(
        new byte[] {1, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff},
        "expected a header in UTF-8; is this a safetensors file?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | expected an object as header, found a list in the header",
        "`` | expected an object as header, found nothing in the header",
        "{\"w\":3} | expected an object for entry w, found a number in the header",
        "{} {} | expected only spaces after the header's object",
        "{\"__metadata__\":{\"a\":1}}"
            + " | expected text for each name of __metadata__, found a number in the header",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}"
            + " | entry w: expected dtype, shape and two data_offsets",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}"
            + " | entry w: expected dtype, shape and two data_offsets",
        "{\"w\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}}"
            + " | entry w: expected a dtype of [I64, F64, F32, I32, BF16, F16, I16, I8, U8, BOOL],"
            + " found F8_E4M3",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}"
            + " | entry w: expected no negative number, found -2",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}"
            + " | expected integers in w, found a number in the header",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}"
            + " | entry w: expected 12 bytes for F32 [3], found data_offsets [0, 8]",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}"
            + " | entry w: expected 8 bytes for F32 [2], found data_offsets [8, 0]",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}}"
            + " | entry w: no file holds a tensor of shape [4611686018427387904, 4]",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"
            + " | entry w: expected data from byte 0 on, where the tensor before it ends,"
            + " found 4 (a hole)",
        "{\"v\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"
            + " | entry w: expected data from byte 8 on, where the tensor before it ends,"
            + " found 4 (an overlap)",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}"
            + " | entry w: expected data up to byte 12, found 8 bytes;"
            + " the file is cut short, copy it again",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            + " | expected 4 bytes of tensors, found 8; the rest belongs to no tensor",
      })
  void headersMustDescribeTheData(String header, String message) throws IOException {
    assertRefused(file(header, new byte[8]), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"w\":",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
        "{'w':1}",
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}x",
      })
  void headersMustBeJsonWithoutDuplicates(String header) throws IOException {
    Path file = write(file(header, new byte[8]));
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(file + ": expected a header in JSON: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void namesThatBreakTheLineAreEscaped() throws IOException {
    assertRefused(
        file("{\"a\\n\\u001bb\":{}}"),
        "entry a\\u000a\\u001bb: expected dtype, shape and two data_offsets");
    assertRefused(
        file("{\"" + "x".repeat(300) + "\":{}}"),
        "entry %s...: expected dtype, shape and two data_offsets".formatted("x".repeat(200)));
  }

  @Test
  void everyShorterFileIsRefused() throws IOException {
    byte[] whole = file(SAMPLE, SAMPLE_DATA);
    for (int length = 0; length < whole.length; length++) {
      Path file = write(Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(BadRequestException.class);
    }
  }

  @Test
  void flippedBytesAreRefusedOrRead() throws IOException {
    byte[] whole = file(SAMPLE, SAMPLE_DATA);
    RandomStream random = new RandomStream(2026);
    for (int trial = 0; trial < 1000; trial++) {
      byte[] damaged = whole.clone();
      for (int flip = random.nextInt(4); flip >= 0; flip--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = write(damaged);
      try {
        long bytes = 0;
        for (StoredTensor tensor : Safetensors.read(file).tensors().values()) {
          bytes += tensor.data().byteSize();
        }
        assertThat(bytes).isEqualTo(SAMPLE_DATA.length);
      } catch (BadRequestException e) {
        assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
      }
    }
  }
}
