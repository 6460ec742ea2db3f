package org.umwelt.envs.dataset;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a file of episodes holds and where, protected by checksums.
 *
 * <p>Written as {@code payload, length of the payload (int), CRC-32C of the payload (int), magic (8
 * bytes)}, so it is found from its end; twice, so that one damaged byte leaves one copy.
 *
 * @param fileBytes size of the whole file
 * @param start where the two copies begin in the file
 * @param structureChecksum CRC-32C of every byte that is neither in a column nor in this index
 * @param description the description of the data set, as {@link Metadata} packs it
 * @param episodes what is known of each episode
 */
record FileIndex(
    long fileBytes, long start, int structureChecksum, byte[] description, List<Entry> episodes) {
  private static final byte[] MAGIC = "UMWELTIX".getBytes(StandardCharsets.US_ASCII);
  private static final int TAIL_BYTES = 2 * Integer.BYTES + MAGIC.length;
  private static final int VERSION = 1;

  /**
   * One episode in the file.
   *
   * @param columns in the order of {@link Columns}
   */
  record Entry(EpisodeSummary summary, List<StoredColumn> columns) {}

  /** Returns the bytes of one copy. */
  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeLong(fileBytes);
      out.writeLong(start);
      out.writeInt(structureChecksum);
      out.writeInt(description.length);
      out.write(description);
      out.writeInt(episodes.size());
      for (Entry entry : episodes) {
        encode(entry, out);
      }
      CRC32C checksum = new CRC32C();
      checksum.update(bytes.toByteArray());
      out.writeInt(bytes.size());
      out.writeInt((int) checksum.getValue());
      out.write(MAGIC);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static void encode(Entry entry, DataOutputStream out) throws IOException {
    EpisodeSummary summary = entry.summary();
    out.writeInt(summary.index());
    out.writeLong(summary.seed());
    out.writeInt(summary.steps());
    out.writeDouble(summary.totalReward());
    out.writeByte((summary.terminated() ? 1 : 0) | (summary.truncated() ? 2 : 0));
    out.writeLong(summary.frames());
    out.writeInt(entry.columns().size());
    for (StoredColumn column : entry.columns()) {
      byte[] path = column.path().getBytes(StandardCharsets.UTF_8);
      out.writeInt(path.length);
      out.write(path);
      out.writeByte(column.bits() ? 1 : 0);
      out.writeLong(column.offset());
      out.writeInt(column.rows());
      out.writeInt(column.rowsPerFrame());
      encode(column.frameBytes(), out);
      encode(column.checksums(), out);
    }
  }

  private static void encode(int[] numbers, DataOutputStream out) throws IOException {
    out.writeInt(numbers.length);
    for (int number : numbers) {
      out.writeInt(number);
    }
  }

  /**
   * Returns the last intact copy in a file; null where there is none.
   *
   * @throws IOException where it is of a newer format
   */
  static @Nullable FileIndex find(MemorySegment file) throws IOException {
    for (long tail = file.byteSize() - TAIL_BYTES; tail >= 0; tail--) {
      if (file.get(ValueLayout.JAVA_BYTE, tail + 2 * Integer.BYTES) == MAGIC[0]) {
        FileIndex index = decode(file, tail);
        if (index != null) {
          return index;
        }
      }
    }
    return null;
  }

  private static @Nullable FileIndex decode(MemorySegment file, long tail) throws IOException {
    ByteBuffer end = file.asSlice(tail, TAIL_BYTES).asByteBuffer();
    int length = end.getInt();
    int expected = end.getInt();
    byte[] magic = new byte[MAGIC.length];
    end.get(magic);
    if (!Arrays.equals(magic, MAGIC) || length < 0 || length > tail) {
      return null;
    }
    ByteBuffer payload = file.asSlice(tail - length, length).asByteBuffer();
    CRC32C checksum = new CRC32C();
    checksum.update(payload.duplicate());
    if ((int) checksum.getValue() != expected) {
      return null;
    }
    try {
      return decode(payload);
    } catch (BufferUnderflowException | IllegalArgumentException _) {
      return null;
    }
  }

  private static FileIndex decode(ByteBuffer in) throws IOException {
    int version = in.getInt();
    if (version > VERSION) {
      throw new IOException(
          "it is of format %d and this program knows formats up to %d; use a newer Umwelt"
              .formatted(version, VERSION));
    }
    if (version != VERSION) {
      throw new IllegalArgumentException("unknown version");
    }
    long fileBytes = in.getLong();
    long start = in.getLong();
    int structureChecksum = in.getInt();
    byte[] description = bytes(in);
    int count = in.getInt();
    List<Entry> episodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      episodes.add(decodeEntry(in));
    }
    return new FileIndex(fileBytes, start, structureChecksum, description, List.copyOf(episodes));
  }

  private static Entry decodeEntry(ByteBuffer in) {
    int index = in.getInt();
    long seed = in.getLong();
    int steps = in.getInt();
    double totalReward = in.getDouble();
    int flags = in.get();
    long frames = in.getLong();
    int count = in.getInt();
    List<StoredColumn> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(
          new StoredColumn(
              new String(bytes(in), StandardCharsets.UTF_8),
              in.get() != 0,
              in.getLong(),
              in.getInt(),
              in.getInt(),
              ints(in),
              ints(in)));
    }
    return new Entry(
        new EpisodeSummary(
            index, seed, steps, totalReward, (flags & 1) != 0, (flags & 2) != 0, frames),
        List.copyOf(columns));
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[length(in, 1)];
    in.get(bytes);
    return bytes;
  }

  private static int[] ints(ByteBuffer in) {
    int[] ints = new int[length(in, Integer.BYTES)];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = in.getInt();
    }
    return ints;
  }

  private static int length(ByteBuffer in, int unit) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining() / unit) {
      throw new BufferUnderflowException();
    }
    return length;
  }

  /** Returns the CRC-32C of every byte outside the columns and the index. */
  int checkStructure(MemorySegment file) {
    List<StoredColumn> columns =
        episodes.stream()
            .flatMap(entry -> entry.columns().stream())
            .sorted(Comparator.comparingLong(StoredColumn::offset))
            .toList();
    CRC32C checksum = new CRC32C();
    long from = 0;
    for (StoredColumn column : columns) {
      update(checksum, file, from, column.offset());
      from = column.end();
    }
    update(checksum, file, from, start);
    update(checksum, file, start + 2L * encode().length, file.byteSize());
    return (int) checksum.getValue();
  }

  private static void update(CRC32C checksum, MemorySegment file, long from, long to) {
    long end = Math.min(to, file.byteSize());
    for (long at = from; at < end; at += 1 << 20) {
      checksum.update(file.asSlice(at, Math.min(1 << 20, end - at)).asByteBuffer());
    }
  }

  /**
   * Writes both copies where this index says that it begins, in a file that is complete otherwise;
   * the file size and the structure's checksum are filled in.
   */
  FileIndex write(FileChannel channel) throws IOException {
    long end = start + 2L * encode().length;
    long bytes = Math.max(channel.size(), end);
    FileIndex whole;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      whole = new FileIndex(bytes, start, checkStructure(file), description, episodes);
    }
    byte[] copy = whole.encode();
    channel.position(start);
    ColumnWriter.writeFully(channel, ByteBuffer.wrap(copy));
    ColumnWriter.writeFully(channel, ByteBuffer.wrap(copy));
    return whole;
  }
}
