package org.umwelt.kernels.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A NumPy array of float64 ({@code .npy}, numpy.lib.format version 1.0) that grows along its first
 * axis, so that {@code numpy.load(file, mmap_mode="r")} reads what was drawn while more is drawn.
 *
 * <p>The header has the rows of the last {@link #publish}; what stands behind them is cut off when
 * the file is opened again. Not thread-safe.
 */
public final class NumpyFile implements Closeable {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int PREAMBLE = MAGIC.length + Short.BYTES;
  private static final int ALIGNMENT = 64;
  private static final int ROWS_DIGITS = 20; // room for the number of rows to grow
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Pattern SHAPE = Pattern.compile("'shape': \\((\\d+),?([^)]*)\\)");

  private final Path path;
  private final FileChannel channel;
  private final Layout layout;
  private final ByteBuffer buffer;
  private long rows;

  /**
   * One field of a structured element.
   *
   * @param name its name
   * @param width how many numbers; an axis of its own where more than 1
   */
  public record Field(String name, int width) {}

  /**
   * What the rows look like.
   *
   * @param fields of an element; none for plain numbers
   * @param shape of a row, without the axis along which the file grows
   */
  public record Layout(List<Field> fields, List<Integer> shape) {
    /** Copies the lists. */
    public Layout {
      fields = List.copyOf(fields);
      shape = List.copyOf(shape);
    }

    /** Returns the layout of plain numbers. */
    public static Layout of(int... shape) {
      return new Layout(List.of(), Arrays.stream(shape).boxed().toList());
    }

    /** Returns how many numbers a row has. */
    public int numbers() {
      int element = fields.isEmpty() ? 1 : fields.stream().mapToInt(Field::width).sum();
      return shape.stream().reduce(element, Math::multiplyExact);
    }

    private String description() {
      if (fields.isEmpty()) {
        return "'<f8'";
      }
      return fields.stream()
          .map(field ->
              field.width() == 1
                  ? "('" + field.name() + "', '<f8')"
                  : "('" + field.name() + "', '<f8', (" + field.width() + ",))")
          .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Returns the whole header, whose length does not depend on the number of rows. */
    private byte[] header(long rows) {
      StringJoiner axes = new StringJoiner(", ", "(", shape.isEmpty() ? ",)" : ")");
      axes.add(Long.toString(rows));
      shape.forEach(length -> axes.add(Integer.toString(length)));
      String text =
          "{'descr': %s, 'fortran_order': False, 'shape': %s, }".formatted(description(), axes);
      int least = PREAMBLE + text.length() - Long.toString(rows).length() + ROWS_DIGITS + 1;
      int length = (least + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      ByteBuffer header = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      header.put(MAGIC).putShort((short) (length - PREAMBLE));
      header.put(text.getBytes(StandardCharsets.US_ASCII));
      while (header.remaining() > 1) {
        header.put((byte) ' ');
      }
      return header.put((byte) '\n').array();
    }

    private long offset(long row) {
      return header(0).length + row * numbers() * Double.BYTES;
    }
  }

  private NumpyFile(Path path, FileChannel channel, Layout layout) {
    this.path = path;
    this.channel = channel;
    this.layout = layout;
    int row = Math.multiplyExact(layout.numbers(), Double.BYTES);
    buffer =
        ByteBuffer.allocateDirect(Math.max(row, BUFFER_BYTES / row * row))
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Starts a file without rows, in place of one that may be there. */
  public static NumpyFile create(Path path, Layout layout) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    NumpyFile file = new NumpyFile(path, channel, layout);
    file.publish();
    return file;
  }

  /**
   * Opens a file to go on behind a row; what stands behind that is cut off.
   *
   * @param rows how many are kept
   * @throws IOException where the file has another layout, or fewer rows
   */
  public static NumpyFile reopen(Path path, Layout layout, long rows) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.size() < layout.offset(rows) || !layout.equals(layoutLike(channel, layout))) {
        throw new IOException(
            "expected %s to hold %,d rows of shape %s, it is shorter or holds something else"
                .formatted(path, rows, layout.shape()));
      }
      NumpyFile file = new NumpyFile(path, channel, layout);
      file.rows = rows;
      channel.truncate(layout.offset(rows));
      channel.position(channel.size());
      file.publish();
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Returns the layout where the header is that of it, whatever its rows; else an empty one. */
  private static Layout layoutLike(FileChannel channel, Layout layout) throws IOException {
    byte[] expected = layout.header(0);
    byte[] found = new byte[expected.length];
    readFully(channel, ByteBuffer.wrap(found), 0);
    Matcher shape = SHAPE.matcher(new String(found, StandardCharsets.ISO_8859_1));
    return shape.find() && Arrays.equals(layout.header(Long.parseLong(shape.group(1))), found)
        ? layout
        : Layout.of();
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long from)
      throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      if (channel.read(into, from + into.position() - start) < 0) {
        return;
      }
    }
  }

  /** Returns where it is. */
  public Path path() {
    return path;
  }

  /** Returns how many rows there are, published or not. */
  public long rows() {
    return rows;
  }

  /**
   * Adds a row.
   *
   * @param numbers row-major; the fields of an element lie together
   */
  public void append(double[] numbers) throws IOException {
    if (numbers.length != layout.numbers()) {
      throw new IllegalArgumentException(
          "expected %d numbers, got %d".formatted(layout.numbers(), numbers.length));
    }
    if (buffer.remaining() < numbers.length * Double.BYTES) {
      flush();
    }
    for (double number : numbers) {
      buffer.putDouble(number);
    }
    rows++;
  }

  /** Makes every row durable, then shows them in the header. */
  public void publish() throws IOException {
    flush();
    channel.force(false);
    ByteBuffer header = ByteBuffer.wrap(layout.header(rows));
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
    channel.position(layout.offset(rows));
    channel.force(false);
  }

  private void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /**
   * Reads a row.
   *
   * @param row less than {@link #rows}, of those published
   */
  public double[] read(long row) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(layout.numbers() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, bytes, layout.offset(row));
    if (bytes.hasRemaining()) {
      throw new IOException("expected a row %,d in %s, it ends before".formatted(row, path));
    }
    double[] numbers = new double[layout.numbers()];
    bytes.flip().asDoubleBuffer().get(numbers);
    return numbers;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
