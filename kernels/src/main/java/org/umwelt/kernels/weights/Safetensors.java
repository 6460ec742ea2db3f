package org.umwelt.kernels.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.SafetensorsHeader.Entry;

/**
 * Reads and writes safetensors files.
 *
 * <p>A file is the length of its header (8 bytes, little-endian), the header in JSON, and the data
 * of the tensors without a gap. Source: the format's description in the repository of
 * huggingface/safetensors, whose reader makes the same checks.
 */
public final class Safetensors {
  /** The longest header that the format allows, in bytes. */
  static final int LONGEST_HEADER = 100_000_000;

  private static final int CHUNK_BYTES = 1 << 20;
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Safetensors() {}

  /**
   * Maps a file into memory and checks its header; data is only read when a tensor is.
   *
   * <p>The file may be replaced or deleted while its tensors are in use, but not be cut.
   *
   * @throws BadRequestException where the file is missing or not what the format says
   */
  public static WeightFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Refusal.of(file, "expected a safetensors file, found none");
    }
    MemorySegment content;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
    if (content.byteSize() < Long.BYTES) {
      throw Refusal.of(
          file,
          "expected a safetensors file, found %d bytes; copy it again"
              .formatted(content.byteSize()));
    }
    long length = content.get(LENGTH, 0);
    if (length < 0 || length > LONGEST_HEADER) {
      throw Refusal.of(
          file,
          "expected a header of at most %d bytes, found a length of %s; is this a safetensors file?"
              .formatted(LONGEST_HEADER, Long.toUnsignedString(length)));
    }
    if (length > content.byteSize() - Long.BYTES) {
      throw Refusal.of(
          file,
          "expected %d bytes of header, found %d; the file is cut short, copy it again"
              .formatted(length, content.byteSize() - Long.BYTES));
    }
    ByteBuffer json = content.asSlice(Long.BYTES, length).asByteBuffer();
    MemorySegment data = content.asSlice(Long.BYTES + length);
    SafetensorsHeader header = SafetensorsHeader.read(file, json, data.byteSize());
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    header
        .entries()
        .forEach((name, entry) ->
            tensors.put(
                name,
                new StoredTensor(
                    entry.type(),
                    entry.shape(),
                    data.asSlice(entry.begin(), entry.end() - entry.begin()))));
    return new WeightFile(tensors, header.metadata());
  }

  /**
   * Writes a file, whole or not at all.
   *
   * <p>Tensors are sorted by type as {@link ElementType} is, then by name, as safetensors' own
   * writer does; equal tensors give equal files.
   *
   * @throws BadRequestException where a name is reserved or the header gets too long
   */
  public static void write(Path file, WeightFile weights) throws IOException {
    if (weights.tensors().containsKey(SafetensorsHeader.METADATA)) {
      throw Refusal.of(
          file, SafetensorsHeader.METADATA, "the format reserves this name; give it another");
    }
    List<Map.Entry<String, StoredTensor>> inOrder = new ArrayList<>(weights.tensors().entrySet());
    inOrder.sort(
        Comparator.comparing((Map.Entry<String, StoredTensor> named) -> named.getValue().type())
            .thenComparing(Map.Entry::getKey));
    byte[] header = header(inOrder, weights.metadata()).toBytes();
    if (header.length > LONGEST_HEADER) {
      throw Refusal.of(
          file,
          "expected a header of at most %d bytes, found %d; write fewer tensors or less metadata"
              .formatted(LONGEST_HEADER, header.length));
    }
    Path partial = AtomicFile.partial(file);
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        writeWhole(channel, chunk.putLong(header.length).flip());
        copy(MemorySegment.ofArray(header), channel, chunk);
        for (var named : inOrder) {
          copy(named.getValue().data(), channel, chunk);
        }
      }
      AtomicFile.publish(partial, file);
    } catch (IOException e) {
      // On a full disk what was written so far would only be in the way.
      Files.deleteIfExists(partial);
      throw e;
    }
  }

  private static SafetensorsHeader header(
      List<Map.Entry<String, StoredTensor>> inOrder, Map<String, String> metadata) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    long begin = 0;
    for (var named : inOrder) {
      StoredTensor tensor = named.getValue();
      long end = begin + tensor.data().byteSize();
      entries.put(named.getKey(), new Entry(tensor.type(), tensor.shape(), begin, end));
      begin = end;
    }
    return new SafetensorsHeader(entries, metadata);
  }

  private static void copy(MemorySegment data, FileChannel channel, ByteBuffer chunk)
      throws IOException {
    for (long at = 0; at < data.byteSize(); at += CHUNK_BYTES) {
      int bytes = (int) Math.min(CHUNK_BYTES, data.byteSize() - at);
      chunk.clear().limit(bytes);
      MemorySegment.copy(data, at, MemorySegment.ofBuffer(chunk), 0, bytes);
      writeWhole(channel, chunk);
    }
  }

  private static void writeWhole(FileChannel channel, ByteBuffer chunk) throws IOException {
    while (chunk.hasRemaining()) {
      channel.write(chunk);
    }
  }
}
