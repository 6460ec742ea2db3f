package org.umwelt.envs.dataset;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads rows of one column at random from a mapped file, checking every frame it touches. */
final class ColumnReader {
  private final MemorySegment file;
  private final ZstdDecompressCtx decompressor;
  private final Column column;
  private final StoredColumn stored;
  private final long[] offsets;
  private final int episode;
  private @Nullable ByteBuffer block;
  private MemorySegment plain = MemorySegment.NULL;
  private int loaded = -1;

  /**
   * Creates a reader.
   *
   * @throws IllegalArgumentException where the stored column cannot be this column of an episode
   *     with that many steps in this file
   */
  ColumnReader(
      MemorySegment file,
      ZstdDecompressCtx decompressor,
      Column column,
      StoredColumn stored,
      EpisodeSummary summary) {
    this.file = file;
    this.decompressor = decompressor;
    this.column = column;
    this.stored = stored;
    this.episode = summary.index();
    check(file.byteSize(), column, stored, summary.steps());
    this.offsets = new long[stored.frameBytes().length];
    long offset = stored.offset();
    for (int frame = 0; frame < offsets.length; frame++) {
      offsets[frame] = offset;
      offset += stored.frameBytes()[frame];
    }
  }

  /** Refuses what could lead outside the file or to absurd allocations. */
  static void check(long fileBytes, Column column, StoredColumn stored, int steps) {
    long rowBytes = column.rowBytes();
    boolean sane =
        stored.path().equals(column.path())
            && steps >= 0
            && stored.rows() >= column.rows(steps)
            && stored.rowsPerFrame() > 0
            && stored.rowsPerFrame() * rowBytes <= Math.max(8 * rowBytes, 1 << 20)
            && stored.offset() >= 0
            && stored.end() <= fileBytes;
    long frames =
        rowBytes == 0
            ? 0
            : ((long) stored.rows() + stored.rowsPerFrame() - 1) / stored.rowsPerFrame();
    for (int bytes : stored.frameBytes()) {
      sane &= bytes > 0;
    }
    if (!sane || stored.frameBytes().length != frames) {
      throw new IllegalArgumentException("the index of " + column.path() + " makes no sense");
    }
  }

  /**
   * Reads a row.
   *
   * @throws DamagedStepException where its bytes have changed
   */
  void read(int row, MemorySegment into) {
    int bytes = column.rowBytes();
    if (bytes == 0) {
      return;
    }
    int frame = row / stored.rowsPerFrame();
    if (frame != loaded) {
      loaded = -1;
      load(frame, row);
      loaded = frame;
    }
    int rowInFrame = row % stored.rowsPerFrame();
    if (stored.bits()) {
      long bit = (long) rowInFrame * bytes;
      for (int i = 0; i < bytes; i++, bit++) {
        int octet = plain.get(ValueLayout.JAVA_BYTE, bit >>> 3);
        into.set(ValueLayout.JAVA_BYTE, i, (byte) (octet >>> (bit & 7) & 1));
      }
    } else {
      MemorySegment.copy(plain, (long) rowInFrame * bytes, into, 0, bytes);
    }
  }

  private void load(int frame, int row) {
    int size = stored.frameBytes()[frame];
    MemorySegment source = file.asSlice(offsets[frame], size);
    if (stored.compressed()) {
      decompress(source, frame, row);
    } else {
      CRC32C checksum = new CRC32C();
      checksum.update(source.asByteBuffer());
      if ((int) checksum.getValue() != stored.checksums()[frame] || size != plainBytes(frame)) {
        throw damaged(frame, row, "checksum differs");
      }
      plain = source;
    }
  }

  private void decompress(MemorySegment source, int frame, int row) {
    int expected = plainBytes(frame);
    ByteBuffer target = block;
    if (target == null) {
      target = ByteBuffer.allocateDirect(plainBytes(0));
      block = target;
      plain = MemorySegment.ofBuffer(target);
    }
    try {
      int found =
          decompressor.decompressDirectByteBuffer(
              target, 0, expected, source.asByteBuffer(), 0, (int) source.byteSize());
      if (found != expected) {
        throw damaged(frame, row, "expected %d bytes, found %d".formatted(expected, found));
      }
    } catch (ZstdException e) {
      throw damaged(frame, row, String.valueOf(e.getMessage()));
    }
  }

  private int plainBytes(int frame) {
    int rows = Math.min(stored.rowsPerFrame(), stored.rows() - frame * stored.rowsPerFrame());
    long units = (long) rows * column.rowBytes();
    return Math.toIntExact(stored.bits() ? (units + 7) / 8 : units);
  }

  private DamagedStepException damaged(int frame, int row, String why) {
    int first = frame * stored.rowsPerFrame();
    int last = Math.min(first + stored.rowsPerFrame(), stored.rows()) - 1;
    return new DamagedStepException(
        episode,
        row,
        "episode %d: %s %s damaged (%s)"
            .formatted(
                episode,
                column.path(),
                first == last ? first + " is" : first + " to " + last + " are",
                why));
  }

  /** Reads every frame. */
  void checkAll() {
    for (int frame = 0; frame < offsets.length; frame++) {
      load(frame, frame * stored.rowsPerFrame());
    }
    loaded = -1;
  }
}
