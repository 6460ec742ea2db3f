package org.umwelt.envs.games;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A small picture with holes: runs of opaque pixels. */
final class Sprite {
  private final int width;
  private final int height;
  private final Run[] runs;

  /**
   * Neighbouring opaque pixels of one row.
   *
   * @param x column of the first
   * @param y row
   * @param rgb three bytes per pixel
   */
  record Run(int x, int y, byte[] rgb) {}

  private Sprite(int width, int height, List<Run> runs) {
    this.width = width;
    this.height = height;
    this.runs = runs.toArray(Run[]::new);
  }

  /** Makes a sprite from one word per row; a letter without a colour (0xRRGGBB) is clear. */
  static Sprite of(Map<Character, Integer> palette, String text) {
    String[] rows = text.split(" ", -1);
    List<Run> runs = new ArrayList<>();
    for (int y = 0; y < rows.length; y++) {
      int x = 0;
      while (x < rows[y].length()) {
        int start = x;
        while (x < rows[y].length() && palette.containsKey(rows[y].charAt(x))) {
          x++;
        }
        if (x == start) {
          x++;
          continue;
        }
        byte[] rgb = new byte[(x - start) * 3];
        for (int i = start; i < x; i++) {
          Picture.set(rgb, (i - start) * 3, Objects.requireNonNull(palette.get(rows[y].charAt(i))));
        }
        runs.add(new Run(start, y, rgb));
      }
    }
    return new Sprite(rows[0].length(), rows.length, runs);
  }

  /** Returns the same sprite with every pixel a square of this width. */
  Sprite enlarged(int scale) {
    List<Run> large = new ArrayList<>();
    for (Run run : runs) {
      byte[] rgb = new byte[run.rgb().length * scale];
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = run.rgb()[i / 3 / scale * 3 + i % 3];
      }
      for (int row = 0; row < scale; row++) {
        large.add(new Run(run.x() * scale, run.y() * scale + row, rgb));
      }
    }
    return new Sprite(width * scale, height * scale, large);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Returns the runs; not a copy. */
  Run[] runs() {
    return runs;
  }
}
