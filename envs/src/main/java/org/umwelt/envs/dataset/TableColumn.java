package org.umwelt.envs.dataset;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.spaces.Text;

/**
 * The writers of one column.
 *
 * @param rows rows of equal size, which we read back
 * @param strings the same as Arrow strings, for {@link Text} only
 */
record TableColumn(ColumnWriter rows, @Nullable Strings strings) implements AutoCloseable {

  void append(MemorySegment row) throws IOException {
    rows.append(row);
    if (strings != null) {
      strings.append(row);
    }
  }

  void flush() throws IOException {
    rows.flush();
    if (strings != null) {
      strings.offsets.flush();
      strings.bytes.flush();
    }
  }

  @Override
  public void close() throws IOException {
    rows.close();
    if (strings != null) {
      strings.offsets.close();
      strings.bytes.close();
    }
  }

  /** UTF-8 text and where each string ends. */
  static final class Strings {
    private final Text space;
    private final ColumnWriter offsets;
    private final ColumnWriter bytes;
    private int end;

    Strings(Text space, ColumnWriter offsets, ColumnWriter bytes) throws IOException {
      this.space = space;
      this.offsets = offsets;
      this.bytes = bytes;
      appendEnd();
    }

    ColumnWriter offsets() {
      return offsets;
    }

    ColumnWriter bytes() {
      return bytes;
    }

    private void append(MemorySegment codes) throws IOException {
      MemorySegment text =
          MemorySegment.ofArray(space.decode(codes).getBytes(StandardCharsets.UTF_8));
      for (long i = 0; i < text.byteSize(); i++) {
        bytes.append(text.asSlice(i, 1));
      }
      end += (int) text.byteSize();
      appendEnd();
    }

    private void appendEnd() throws IOException {
      MemorySegment number = MemorySegment.ofArray(new byte[Integer.BYTES]);
      number.set(ValueLayout.JAVA_INT_UNALIGNED, 0, end);
      offsets.append(number);
    }
  }
}
