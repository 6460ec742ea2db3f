package org.umwelt.envs.dataset;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compresses rows of equal size into zstd frames as they come; what exceeds a small buffer goes to
 * a file.
 */
final class ColumnWriter implements AutoCloseable {
  /**
   * Level 1: on 210x160x3 Atari frames 3 stores a seventh to a quarter less in a quarter to a half
   * more time, and 5 takes three times as long.
   */
  static final int LEVEL = 1;

  /** Small rows share a frame up to this size. */
  private static final int FRAME_BYTES = 16 << 10;

  /**
   * Rows from the size of the smallest picture on stand alone, so that a damaged byte costs one
   * step.
   */
  private static final int LONE_ROW_BYTES = 1 << 10;

  private static final int BUFFER_BYTES = 256 << 10;

  private final ZstdCompressCtx compressor;
  private final Path spill;
  private final int elements;
  private final int rowBytes;
  private final boolean bits;
  private final int rowsPerFrame;
  private final ByteBuffer frame;
  private final MemorySegment frameMemory;
  private final ByteBuffer compressed;
  private byte[] buffer = new byte[1 << 10];
  private int buffered;
  private @Nullable FileChannel spilled;
  private int[] frameBytes = new int[4];
  private int frames;
  private int rows;
  private int rowsInFrame;
  private long storedBytes;

  /**
   * Creates a writer.
   *
   * @param elements how many elements a row has
   * @param elementBytes bytes of an element
   * @param bits whether to store rows of bytes 0 and 1 as bits
   * @param spill file to use when the buffer is full
   */
  ColumnWriter(
      ZstdCompressCtx compressor, int elements, int elementBytes, boolean bits, Path spill) {
    this.compressor = compressor;
    this.spill = spill;
    this.elements = elements;
    this.rowBytes = elements * elementBytes;
    this.bits = bits;
    if (bits) {
      // Eight rows are whole bytes whatever their size.
      this.rowsPerFrame = 8 * Math.max(1, FRAME_BYTES / Math.max(1, elements));
    } else {
      this.rowsPerFrame = rowBytes >= LONE_ROW_BYTES ? 1 : FRAME_BYTES / Math.max(1, rowBytes);
    }
    this.frame = ByteBuffer.allocateDirect(storedBytes(rowsPerFrame));
    this.frameMemory = MemorySegment.ofBuffer(frame);
    this.compressed = ByteBuffer.allocateDirect((int) Zstd.compressBound(frame.capacity()));
  }

  private int storedBytes(int rowCount) {
    return bits
        ? (int) (((long) rowCount * elements + 7) / 8)
        : Math.toIntExact((long) rowCount * rowBytes);
  }

  int rows() {
    return rows;
  }

  boolean bits() {
    return bits;
  }

  /** Returns the compressed bytes; complete after {@link #flush}. */
  long storedBytes() {
    return storedBytes;
  }

  /** Returns the bytes before compression. */
  long plainBytes() {
    return bits ? ((long) rows * elements + 7) / 8 : (long) rows * rowBytes;
  }

  /** Appends one row. */
  void append(MemorySegment row) throws IOException {
    if (bits) {
      appendBits(row);
    } else {
      MemorySegment.copy(row, 0, frameMemory, (long) rowsInFrame * rowBytes, rowBytes);
    }
    rows++;
    rowsInFrame++;
    if (rowsInFrame == rowsPerFrame) {
      writeFrame();
    }
  }

  private void appendBits(MemorySegment row) {
    long bit = (long) rowsInFrame * elements;
    for (int i = 0; i < elements; i++, bit++) {
      int octet = (int) (bit >>> 3);
      int old = (bit & 7) == 0 ? 0 : frame.get(octet);
      int value = row.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
      frame.put(octet, (byte) (old | value << (bit & 7)));
    }
  }

  private void writeFrame() throws IOException {
    int plain = storedBytes(rowsInFrame);
    rowsInFrame = 0;
    if (plain == 0) {
      return;
    }
    int size =
        compressor.compressDirectByteBuffer(compressed, 0, compressed.capacity(), frame, 0, plain);
    if (frames == frameBytes.length) {
      frameBytes = Arrays.copyOf(frameBytes, frames * 2);
    }
    frameBytes[frames++] = size;
    storedBytes += size;
    if (buffered + size > BUFFER_BYTES) {
      spill();
    }
    if (size > BUFFER_BYTES) {
      writeFully(spilled(), compressed.duplicate().position(0).limit(size));
      return;
    }
    if (buffered + size > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(buffered + size, buffer.length * 2));
    }
    compressed.get(0, buffer, buffered, size);
    buffered += size;
  }

  private void spill() throws IOException {
    writeFully(spilled(), ByteBuffer.wrap(buffer, 0, buffered));
    buffered = 0;
  }

  private FileChannel spilled() throws IOException {
    FileChannel channel = spilled;
    if (channel == null) {
      channel =
          FileChannel.open(
              spill,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      spilled = channel;
    }
    return channel;
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Writes the last frame, which may be short. */
  void flush() throws IOException {
    if (rowsInFrame > 0) {
      writeFrame();
    }
  }

  /** Appends all frames to a file; to be called once, after {@link #flush}. */
  void transferTo(FileChannel target) throws IOException {
    FileChannel channel = spilled;
    if (channel != null) {
      long size = channel.size();
      for (long from = 0; from < size; ) {
        from += channel.transferTo(from, size - from, target);
      }
    }
    writeFully(target, ByteBuffer.wrap(buffer, 0, buffered));
  }

  /** Returns where the frames stand once they begin at {@code offset} of a file. */
  StoredColumn stored(String path, long offset) {
    return new StoredColumn(
        path, bits, offset, rows, rowsPerFrame, Arrays.copyOf(frameBytes, frames), new int[0]);
  }

  @Override
  public void close() throws IOException {
    if (spilled != null) {
      spilled.close();
    }
  }
}
