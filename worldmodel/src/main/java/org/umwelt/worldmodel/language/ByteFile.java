package org.umwelt.worldmodel.language;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The bytes of a file, mapped into memory. The last twentieth is held out; training sequences start
 * anywhere before, held-out ones lie evenly in it.
 */
public final class ByteFile implements Corpus {
  private static final int BYTES = 256;
  private static final int HELD_OUT_SHARE = 20;
  private static final long FINGERPRINT_STEPS = 1 << 16;

  private final MemorySegment bytes;
  private final Path file;
  private final int length;
  private final long seed;
  private final long split;

  /**
   * Maps a file.
   *
   * @param length bytes in a sequence (T)
   * @throws BadRequestException where it cannot be read or is too short
   */
  public ByteFile(Path file, int length, long seed) {
    this.file = file;
    this.length = length;
    this.seed = seed;
    if (!Files.isRegularFile(file)) {
      throw new BadRequestException("data: expected recall or a file, there is no file " + file);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long heldOut = size / HELD_OUT_SHARE;
      if (heldOut <= length) {
        throw new BadRequestException(
            "data=%s: expected at least %,d bytes for sequences of length=%d, since a twentieth is held out, got %,d"
                .formatted(file, HELD_OUT_SHARE * (length + 1L), length, size));
      }
      split = size - heldOut;
      bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, Arena.ofAuto());
    } catch (IOException e) {
      throw new BadRequestException("data: cannot read %s (%s)".formatted(file, e), e);
    }
  }

  @Override
  public int vocabulary() {
    return BYTES;
  }

  @Override
  public String unit() {
    return "byte";
  }

  @Override
  public String description() {
    return "%s: %,d bytes to learn from, %,d held out"
        .formatted(file, split, bytes.byteSize() - split);
  }

  /** Returns a hash of the size and of 65,536 bytes all over the file. */
  @Override
  public long fingerprint() {
    long size = bytes.byteSize();
    long hash = size;
    long step = Math.max(1, size / FINGERPRINT_STEPS);
    for (long at = 0; at < size; at += step) {
      hash = 31 * hash + bytes.get(ValueLayout.JAVA_BYTE, at);
    }
    return hash;
  }

  @Override
  public Batch training(long index) {
    return at(new RandomStream(seed, index).nextLong(split - length));
  }

  @Override
  public Batch heldOut(int index, int count) {
    long last = bytes.byteSize() - length - 1; // first byte of the last sequence
    return at(
        count == 1 ? split : split + Math.round((double) (last - split) / (count - 1) * index));
  }

  /** Reads one byte more than the length, whose predecessors are the tokens. */
  private Batch at(long from) {
    long[] tokens = new long[length];
    long[] targets = new long[length];
    for (int i = 0; i <= length; i++) {
      int value = Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, from + i));
      if (i < length) {
        tokens[i] = value;
      }
      if (i > 0) {
        targets[i - 1] = value;
      }
    }
    return Batch.of(tokens, targets);
  }
}
