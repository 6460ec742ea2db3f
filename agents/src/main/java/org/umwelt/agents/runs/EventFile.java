package org.umwelt.agents.runs;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file of scalars.
 *
 * <p>The file is a TFRecord stream (tensorflow/core/lib/io/record_writer.h) of {@code
 * tensorflow.Event} messages (tensorflow/core/util/event.proto): per record u64 length, masked
 * CRC-32C of the length, the message, masked CRC-32C of the message, all little-endian. A file cut
 * off by a crash is read up to its last whole record. Not thread-safe.
 */
public final class EventFile implements Closeable {
  /** Begins the name of every event file; TensorBoard looks for it. */
  public static final String PREFIX = "events.out.tfevents.";

  private static final String VERSION = "brain.Event:2";
  private static final int MASK_DELTA = 0xa282ead8;
  private static final long FLUSH_NANOS = 1_000_000_000L;
  private static final int BUFFER_BYTES = 1 << 16;

  // Protobuf tags: field number << 3 | wire type (0 varint, 1 fixed64, 2 bytes, 5 fixed32).
  private static final int EVENT_WALL_TIME = 1 << 3 | 1;
  private static final int EVENT_STEP = 2 << 3;
  private static final int EVENT_FILE_VERSION = 3 << 3 | 2;
  private static final int EVENT_SUMMARY = 5 << 3 | 2;
  private static final int SUMMARY_VALUE = 1 << 3 | 2;
  private static final int VALUE_TAG = 1 << 3 | 2;
  private static final int VALUE_SIMPLE_VALUE = 2 << 3 | 5;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();
  private long lastFlush = System.nanoTime();

  private EventFile(FileChannel channel) {
    this.channel = channel;
    buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Creates a new event file beside those that are there.
   *
   * @param wallTime seconds since 1970
   */
  public static EventFile create(Path folder, double wallTime) throws IOException {
    for (int attempt = 0; ; attempt++) {
      Path file =
          folder.resolve(
              "%s%010d.umwelt%s"
                  .formatted(PREFIX, (long) wallTime, attempt == 0 ? "" : "." + attempt));
      try {
        EventFile events =
            new EventFile(
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        events.record(versionEvent(wallTime));
        events.flush();
        return events;
      } catch (FileAlreadyExistsException _) {
        // Another session of this run started within the same second; take the next name.
      }
    }
  }

  /**
   * Appends one scalar.
   *
   * @param wallTime seconds since 1970
   * @param value held as a 32-bit float, as TensorBoard does
   */
  public void scalar(double wallTime, long step, String tag, double value) throws IOException {
    record(scalarEvent(wallTime, step, tag, (float) value));
    if (System.nanoTime() - lastFlush > FLUSH_NANOS) {
      flush();
    }
  }

  /** Hands everything written so far to the operating system. */
  public void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
    lastFlush = System.nanoTime();
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      flush();
      channel.close();
    }
  }

  private void record(byte[] message) throws IOException {
    if (buffer.remaining() < message.length + 16) {
      flush();
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(0, message.length);
    buffer.put(length.array()).putInt(maskedCrc(length.array()));
    buffer.put(message).putInt(maskedCrc(message));
  }

  private int maskedCrc(byte[] bytes) {
    crc.reset();
    crc.update(bytes);
    // Rotated and shifted, because a CRC of data that holds CRCs is weak.
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static byte[] versionEvent(double wallTime) {
    Message event = new Message();
    event.tag(EVENT_WALL_TIME).fixed64(Double.doubleToRawLongBits(wallTime));
    event.tag(EVENT_FILE_VERSION).bytes(VERSION.getBytes(StandardCharsets.UTF_8));
    return event.out.toByteArray();
  }

  private static byte[] scalarEvent(double wallTime, long step, String tag, float number) {
    Message value = new Message();
    value.tag(VALUE_TAG).bytes(tag.getBytes(StandardCharsets.UTF_8));
    value.tag(VALUE_SIMPLE_VALUE).fixed32(Float.floatToRawIntBits(number));
    Message summary = new Message();
    summary.tag(SUMMARY_VALUE).bytes(value.out.toByteArray());
    Message event = new Message();
    event.tag(EVENT_WALL_TIME).fixed64(Double.doubleToRawLongBits(wallTime));
    event.tag(EVENT_STEP).varint(step);
    event.tag(EVENT_SUMMARY).bytes(summary.out.toByteArray());
    return event.out.toByteArray();
  }

  /** A protobuf message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    Message tag(int tag) {
      return varint(tag);
    }

    Message varint(long number) {
      long rest = number;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) ((rest & 0x7F) | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
      return this;
    }

    void fixed64(long bits) {
      for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
        out.write((int) (bits >>> shift));
      }
    }

    void fixed32(int bits) {
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        out.write(bits >>> shift);
      }
    }

    void bytes(byte[] bytes) {
      varint(bytes.length);
      out.writeBytes(bytes);
    }
  }
}
