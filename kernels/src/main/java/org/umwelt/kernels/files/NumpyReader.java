package org.umwelt.kernels.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a NumPy array of float64, plain or of structured elements, as {@link NumpyFile} writes it:
 * also while more rows are written.
 *
 * <p>Not thread-safe.
 */
public final class NumpyReader implements Closeable {
  private static final int PREAMBLE = 10;
  private static final int LENGTH_AT = 8;
  private static final Pattern DESCRIPTION =
      Pattern.compile("'descr': *('[^']*'|\\[.*?\\]) *, *'fortran_order': *(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([^)]*)\\)");
  private static final Pattern FIELD =
      Pattern.compile("\\('([^']+)', *'([^']*)'(?:, *\\((\\d+),?\\))?\\)");
  private static final String DOUBLES = "<f8";

  private final Path path;
  private final FileChannel channel;
  private final NumpyFile.Layout layout;
  private final int headerBytes;

  private NumpyReader(Path path, FileChannel channel, NumpyFile.Layout layout, int headerBytes) {
    this.path = path;
    this.channel = channel;
    this.layout = layout;
    this.headerBytes = headerBytes;
  }

  /**
   * Opens a file.
   *
   * @throws IOException where it cannot be read, or holds something else
   */
  public static NumpyReader open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      String header = header(channel, path);
      return new NumpyReader(path, channel, layout(header, path), header.length());
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String header(FileChannel channel, Path path) throws IOException {
    ByteBuffer preamble = ByteBuffer.allocate(PREAMBLE).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, preamble, 0, path);
    byte[] magic = Arrays.copyOf(preamble.array(), LENGTH_AT);
    if (!new String(magic, StandardCharsets.ISO_8859_1).equals("\u0093NUMPY\u0001\u0000")) {
      throw foreign(path);
    }
    int length = PREAMBLE + Short.toUnsignedInt(preamble.getShort(LENGTH_AT));
    ByteBuffer header = ByteBuffer.allocate(length);
    fill(channel, header, 0, path);
    return new String(header.array(), StandardCharsets.ISO_8859_1);
  }

  private static NumpyFile.Layout layout(String header, Path path) throws IOException {
    Matcher description = DESCRIPTION.matcher(header);
    if (!description.find() || description.group(2).equals("True")) {
      throw foreign(path);
    }
    String type = description.group(1);
    List<NumpyFile.Field> fields = new ArrayList<>();
    if (!type.equals("'" + DOUBLES + "'")) {
      Matcher field = FIELD.matcher(type);
      while (field.find()) {
        if (!field.group(2).equals(DOUBLES)) {
          throw foreign(path);
        }
        String width = field.group(3);
        fields.add(
            new NumpyFile.Field(field.group(1), width == null ? 1 : Integer.parseInt(width)));
      }
      if (!FIELD.matcher(type).replaceAll("").matches("\\[[, ]*]")) {
        throw foreign(path);
      }
    }
    List<Integer> shape =
        shape(header, path).stream().skip(1).map(length -> Math.toIntExact(length)).toList();
    return new NumpyFile.Layout(fields, shape);
  }

  private static List<Long> shape(String header, Path path) throws IOException {
    Matcher shape = SHAPE.matcher(header);
    if (!shape.find() || shape.group(1).isBlank()) {
      throw foreign(path);
    }
    try {
      return Arrays.stream(shape.group(1).split(","))
          .map(String::strip)
          .filter(length -> !length.isEmpty())
          .map(Long::parseLong)
          .toList();
    } catch (NumberFormatException e) {
      throw new IOException(foreign(path).getMessage(), e);
    }
  }

  private static IOException foreign(Path path) {
    return new IOException(
        "expected %s to be an array of float64 in the order of C (.npy, version 1.0)"
            .formatted(path));
  }

  private static void fill(FileChannel channel, ByteBuffer into, long from, Path path)
      throws IOException {
    while (into.hasRemaining()) {
      if (channel.read(into, from + into.position()) < 0) {
        throw new IOException("expected more in %s, it ends too early".formatted(path));
      }
    }
  }

  /** Returns what a row looks like. */
  public NumpyFile.Layout layout() {
    return layout;
  }

  /** Returns how many rows the header says there are now. */
  public long rows() throws IOException {
    return shape(header(channel, path), path).getFirst();
  }

  /**
   * Reads a row.
   *
   * @param row from 0, less than {@link #rows}
   * @return its numbers, row-major; the fields of an element lie together
   * @throws IOException where there is no such row
   */
  public double[] read(long row) throws IOException {
    double[] numbers = new double[layout.numbers()];
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(numbers.length, Double.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, bytes, headerBytes + row * bytes.capacity(), path);
    bytes.flip().asDoubleBuffer().get(numbers);
    return numbers;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
