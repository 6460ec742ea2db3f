package org.umwelt.envs.atari;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.kernels.image.AreaResize;
import org.umwelt.kernels.image.BilinearResize;

/** How an emulator's state becomes an observation. */
abstract class View {
  /** Side of the pictures of Atari 100k. */
  private static final int SMALL = 64;

  /** Side of the pictures of DQN. */
  private static final int CLASSIC = 84;

  final Emulator emulator;

  private View(Emulator emulator) {
    this.emulator = emulator;
  }

  /** Returns the space of observations. */
  abstract Box space();

  /**
   * Takes the present screen as one of the two frames that are pooled.
   *
   * @param slot 0 for the last but one frame of a skip, 1 for the last
   */
  void capture(int slot) {}

  /** Writes the captured frames. */
  void writeState(DataOutput out) throws IOException {}

  /** Reads what {@link #writeState} wrote. */
  void readState(DataInput in) throws IOException {}

  /** Writes the observation: of the captured frames where they are pooled, else of the present. */
  abstract void write(MemorySegment out);

  /** Returns full-size colour pictures, uint8 [height, width, 3]. */
  static View rgb(Emulator emulator) {
    return new Rgb(emulator);
  }

  /** Returns full-size grey pictures, uint8 [height, width]. */
  static View grayscale(Emulator emulator) {
    return new Grayscale(emulator);
  }

  /** Returns the console's memory, uint8 [128]. */
  static View ram(Emulator emulator) {
    return new Ram(emulator);
  }

  /** Returns the brighter of the last two frames, each resized to uint8 [64, 64, 3] before. */
  static View pooledRgb64(Emulator emulator) {
    return new PooledRgb64(emulator);
  }

  /** Returns the brighter of the last two frames in grey, then shrunk to uint8 [84, 84]. */
  static View pooledGrey84(Emulator emulator) {
    return new PooledGrey84(emulator);
  }

  /** A copy of the screen that tells which rows changed since it was last brought up to date. */
  private static final class Copy {
    final byte[] pixels;
    private final MemorySegment segment;
    private final int width;
    private boolean blank = true;

    Copy(Emulator emulator) {
      width = emulator.width();
      pixels = new byte[width * emulator.height()];
      segment = MemorySegment.ofArray(pixels);
    }

    /** Brings one row up to date and returns whether it had to change. */
    boolean update(int y, MemorySegment screen) {
      long from = (long) y * width;
      if (!blank
          && MemorySegment.mismatch(screen, from, from + width, segment, from, from + width) < 0) {
        return false;
      }
      MemorySegment.copy(screen, ValueLayout.JAVA_BYTE, from, pixels, y * width, width);
      return true;
    }

    /** Ends an update of all rows. */
    void updated() {
      blank = false;
    }
  }

  /** Writes pixels [from, from + count) as RGB bytes. */
  private static void expand(byte[] pixels, int from, int count, int[] table, byte[] out, int to) {
    for (int i = 0, j = to; i < count; i++, j += 3) {
      int colour = table[pixels[from + i] & 0xFF];
      out[j] = (byte) (colour >> 16);
      out[j + 1] = (byte) (colour >> 8);
      out[j + 2] = (byte) colour;
    }
  }

  /** Returns the present screen as RGB bytes. */
  static byte[] picture(Emulator emulator) {
    byte[] pixels = emulator.screen().toArray(ValueLayout.JAVA_BYTE);
    byte[] out = new byte[pixels.length * 3];
    expand(pixels, 0, pixels.length, emulator.rgbTable(), out, 0);
    return out;
  }

  private static final class Rgb extends View {
    private final Copy copy;
    private final byte[] colours;

    Rgb(Emulator emulator) {
      super(emulator);
      copy = new Copy(emulator);
      colours = new byte[copy.pixels.length * 3];
    }

    @Override
    Box space() {
      return Box.image(emulator.height(), emulator.width(), 3);
    }

    @Override
    void write(MemorySegment out) {
      int width = emulator.width();
      for (int y = 0; y < emulator.height(); y++) {
        if (copy.update(y, emulator.screen())) {
          expand(copy.pixels, y * width, width, emulator.rgbTable(), colours, y * width * 3);
        }
      }
      copy.updated();
      MemorySegment.copy(colours, 0, out, ValueLayout.JAVA_BYTE, 0, colours.length);
    }
  }

  private static final class Grayscale extends View {
    private final Copy copy;
    private final byte[] greys;

    Grayscale(Emulator emulator) {
      super(emulator);
      copy = new Copy(emulator);
      greys = new byte[copy.pixels.length];
    }

    @Override
    Box space() {
      return Box.image(emulator.height(), emulator.width());
    }

    @Override
    void write(MemorySegment out) {
      int width = emulator.width();
      byte[] table = emulator.greyTable();
      for (int y = 0; y < emulator.height(); y++) {
        if (copy.update(y, emulator.screen())) {
          for (int i = y * width; i < (y + 1) * width; i++) {
            greys[i] = table[copy.pixels[i] & 0xFF];
          }
        }
      }
      copy.updated();
      MemorySegment.copy(greys, 0, out, ValueLayout.JAVA_BYTE, 0, greys.length);
    }
  }

  private static final class Ram extends View {
    Ram(Emulator emulator) {
      super(emulator);
    }

    @Override
    Box space() {
      return Box.of(DType.UINT8, 0, 255, Math.toIntExact(emulator.ram().byteSize()));
    }

    @Override
    void write(MemorySegment out) {
      out.copyFrom(emulator.ram());
    }
  }

  /** Resizes both frames through one resizer: from one to the next only few rows change. */
  private static final class PooledRgb64 extends View {
    private final Copy copy;
    private final byte[] row;
    private final BilinearResize resize;
    private final byte[][] slots = new byte[2][SMALL * SMALL * 3];
    private final byte[] pooled = new byte[SMALL * SMALL * 3];

    PooledRgb64(Emulator emulator) {
      super(emulator);
      copy = new Copy(emulator);
      row = new byte[emulator.width() * 3];
      resize = new BilinearResize(emulator.width(), emulator.height(), SMALL, SMALL, 3);
    }

    @Override
    Box space() {
      return Box.image(SMALL, SMALL, 3);
    }

    @Override
    void capture(int slot) {
      int width = emulator.width();
      for (int y = 0; y < emulator.height(); y++) {
        if (copy.update(y, emulator.screen())) {
          expand(copy.pixels, y * width, width, emulator.rgbTable(), row, 0);
          resize.putRow(y, row, 0);
        }
      }
      copy.updated();
      System.arraycopy(resize.result(), 0, slots[slot], 0, pooled.length);
    }

    @Override
    void writeState(DataOutput out) throws IOException {
      out.write(slots[0]);
      out.write(slots[1]);
    }

    @Override
    void readState(DataInput in) throws IOException {
      in.readFully(slots[0]);
      in.readFully(slots[1]);
    }

    @Override
    void write(MemorySegment out) {
      byte[] first = slots[0];
      byte[] second = slots[1];
      for (int i = 0; i < pooled.length; i++) {
        pooled[i] = (byte) Math.max(first[i] & 0xFF, second[i] & 0xFF);
      }
      MemorySegment.copy(pooled, 0, out, ValueLayout.JAVA_BYTE, 0, pooled.length);
    }
  }

  private static final class PooledGrey84 extends View {
    private final Copy[] slots;
    private final boolean[] changed;
    private final byte[] row;
    private final AreaResize resize;

    PooledGrey84(Emulator emulator) {
      super(emulator);
      slots = new Copy[] {new Copy(emulator), new Copy(emulator)};
      changed = new boolean[emulator.height()];
      row = new byte[emulator.width()];
      resize = new AreaResize(emulator.width(), emulator.height(), CLASSIC, CLASSIC);
    }

    @Override
    Box space() {
      return Box.image(CLASSIC, CLASSIC);
    }

    @Override
    void capture(int slot) {
      for (int y = 0; y < changed.length; y++) {
        changed[y] |= slots[slot].update(y, emulator.screen());
      }
      slots[slot].updated();
    }

    @Override
    void writeState(DataOutput out) throws IOException {
      out.write(slots[0].pixels);
      out.write(slots[1].pixels);
    }

    @Override
    void readState(DataInput in) throws IOException {
      for (Copy slot : slots) {
        in.readFully(slot.pixels);
        slot.updated();
      }
      Arrays.fill(changed, true);
    }

    @Override
    void write(MemorySegment out) {
      byte[] table = emulator.greyTable();
      byte[] first = slots[0].pixels;
      byte[] second = slots[1].pixels;
      for (int y = 0; y < changed.length; y++) {
        if (changed[y]) {
          changed[y] = false;
          for (int x = 0, i = y * row.length; x < row.length; x++, i++) {
            row[x] = (byte) Math.max(table[first[i] & 0xFF] & 0xFF, table[second[i] & 0xFF] & 0xFF);
          }
          resize.putRow(y, row, 0);
        }
      }
      byte[] result = resize.result();
      MemorySegment.copy(result, 0, out, ValueLayout.JAVA_BYTE, 0, result.length);
    }
  }
}
