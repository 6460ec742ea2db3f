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
import org.umwelt.agents.media.FrameImages;
import org.umwelt.envs.Frame;

/**
 * A TensorBoard event file of scalars or images.
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
  private static final int VALUE_IMAGE = 4 << 3 | 2;
  private static final int IMAGE_HEIGHT = 1 << 3;
  private static final int IMAGE_WIDTH = 2 << 3;
  private static final int IMAGE_COLORSPACE = 3 << 3;
  private static final int IMAGE_ENCODED = 4 << 3 | 2;

  /** In tensorflow/core/framework/summary.proto. */
  private static final int COLORSPACE_RGB = 3;

  /** Length and its CRC before a message, the message's CRC behind it. */
  private static final int FRAMING_BYTES = 16;

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
   * Opens an event file to append to it, without its events of later steps: they, all that stands
   * behind the first of them, and a record that a crash left incomplete are cut off.
   *
   * @param lastStep the last step whose events are kept
   */
  public static EventFile reopen(Path file, long lastStep) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      EventFile events = new EventFile(channel);
      channel.truncate(events.endOfStep(lastStep));
      channel.position(channel.size());
      if (channel.size() == 0) {
        events.record(versionEvent(System.currentTimeMillis() / 1000.0));
      }
      return events;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private long endOfStep(long lastStep) throws IOException {
    long end = 0;
    while (true) {
      byte[] message = recordAt(end);
      if (message.length == 0 || step(message) > lastStep) {
        return end;
      }
      end += message.length + FRAMING_BYTES;
    }
  }

  /** Returns the message of the record that begins at an offset; empty where none does. */
  private byte[] recordAt(long offset) throws IOException {
    byte[] none = {};
    if (channel.size() - offset < FRAMING_BYTES) {
      return none;
    }
    ByteBuffer head = read(offset, Long.BYTES + Integer.BYTES);
    long length = head.getLong();
    if (maskedCrc(lengthBytes(length)) != head.getInt()
        || length > channel.size() - offset - FRAMING_BYTES) {
      return none;
    }
    byte[] message = new byte[(int) length];
    ByteBuffer body = read(offset + head.capacity(), message.length + Integer.BYTES).get(message);
    return maskedCrc(message) == body.getInt() ? message : none;
  }

  private ByteBuffer read(long offset, int bytes) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (into.hasRemaining() && channel.read(into, offset + into.position()) >= 0) {
      // Reads until all is there.
    }
    return into.flip();
  }

  /** Returns the step of an event this class wrote: after the wall time, 0 where it is absent. */
  private static long step(byte[] event) {
    int at = 1 + Double.BYTES;
    if (event.length <= at || event[at++] != EVENT_STEP) {
      return 0;
    }
    long step = 0;
    for (int shift = 0; at < event.length; shift += 7) {
      byte bits = event[at++];
      step |= (bits & 0x7FL) << shift;
      if (bits >= 0) {
        break;
      }
    }
    return step;
  }

  /**
   * Appends one scalar.
   *
   * @param wallTime seconds since 1970
   * @param value held as a 32-bit float, as TensorBoard does
   */
  public void scalar(double wallTime, long step, String tag, double value) throws IOException {
    Message body = new Message();
    body.tag(VALUE_TAG).bytes(tag.getBytes(StandardCharsets.UTF_8));
    body.tag(VALUE_SIMPLE_VALUE).fixed32(Float.floatToRawIntBits((float) value));
    append(summaryEvent(wallTime, step, body));
  }

  /**
   * Appends one picture, as PNG.
   *
   * @param wallTime seconds since 1970
   */
  public void image(double wallTime, long step, String tag, Frame frame) throws IOException {
    Message image = new Message();
    image.tag(IMAGE_HEIGHT).varint(frame.height());
    image.tag(IMAGE_WIDTH).varint(frame.width());
    image.tag(IMAGE_COLORSPACE).varint(COLORSPACE_RGB);
    image.tag(IMAGE_ENCODED).bytes(FrameImages.png(frame));
    Message body = new Message();
    body.tag(VALUE_TAG).bytes(tag.getBytes(StandardCharsets.UTF_8));
    body.tag(VALUE_IMAGE).bytes(image.out.toByteArray());
    append(summaryEvent(wallTime, step, body));
  }

  private void append(byte[] message) throws IOException {
    record(message);
    if (System.nanoTime() - lastFlush > FLUSH_NANOS) {
      flush();
    }
  }

  /** Hands everything written so far to the operating system. */
  public void flush() throws IOException {
    write(buffer.flip());
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
    if (buffer.remaining() < message.length + FRAMING_BYTES) {
      flush();
    }
    byte[] length = lengthBytes(message.length);
    buffer.put(length).putInt(maskedCrc(length));
    if (buffer.remaining() >= message.length + Integer.BYTES) {
      buffer.put(message);
    } else {
      flush();
      write(ByteBuffer.wrap(message));
    }
    buffer.putInt(maskedCrc(message));
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static byte[] lengthBytes(long length) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
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

  private static byte[] summaryEvent(double wallTime, long step, Message value) {
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
