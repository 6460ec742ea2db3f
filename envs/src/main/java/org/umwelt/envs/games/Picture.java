package org.umwelt.envs.games;

/** A square RGB picture that rectangles and sprites are drawn into, clipped to its edges. */
final class Picture {
  /** Width and height of every picture, in pixels. */
  static final int SIZE = 64;

  private static final int ROW_BYTES = SIZE * 3;

  private final byte[] rgb = new byte[SIZE * ROW_BYTES];

  /** Returns the pixels, row-major [64, 64, 3]; not a copy. */
  byte[] rgb() {
    return rgb;
  }

  void copyFrom(Picture source) {
    System.arraycopy(source.rgb, 0, rgb, 0, rgb.length);
  }

  /** Copies a rectangle, which must lie inside, from the same place of another picture. */
  void copyFrom(Picture source, int x, int y, int width, int height) {
    for (int row = y; row < y + height; row++) {
      int start = row * ROW_BYTES + x * 3;
      System.arraycopy(source.rgb, start, rgb, start, width * 3);
    }
  }

  /** Fills a rectangle with a colour 0xRRGGBB. */
  void fill(int x, int y, int width, int height, int colour) {
    int left = Math.max(x, 0);
    int right = Math.min(x + width, SIZE);
    int bottom = Math.min(y + height, SIZE);
    for (int row = Math.max(y, 0); row < bottom; row++) {
      for (int column = left; column < right; column++) {
        set(rgb, row * ROW_BYTES + column * 3, colour);
      }
    }
  }

  /** Colours one pixel, which must lie inside. */
  void dot(int x, int y, int colour) {
    set(rgb, y * ROW_BYTES + x * 3, colour);
  }

  /** Draws a sprite with its upper left corner at (x, y). */
  void draw(Sprite sprite, int x, int y) {
    for (Sprite.Run run : sprite.runs()) {
      int row = y + run.y();
      int left = Math.max(x + run.x(), 0);
      int right = Math.min(x + run.x() + run.rgb().length / 3, SIZE);
      if (row >= 0 && row < SIZE && left < right) {
        int from = (left - x - run.x()) * 3;
        System.arraycopy(run.rgb(), from, rgb, row * ROW_BYTES + left * 3, (right - left) * 3);
      }
    }
  }

  /** Fills the rows from {@code top} to {@code bottom} (exclusive) with a vertical gradient. */
  void gradient(int top, int bottom, int from, int to) {
    for (int row = top; row < bottom; row++) {
      fill(0, row, SIZE, 1, blend(from, to, (double) (row - top) / (bottom - 1 - top)));
    }
  }

  /** Stores a colour as the three bytes from {@code at} on. */
  static void set(byte[] rgb, int at, int colour) {
    rgb[at] = (byte) (colour >> 16);
    rgb[at + 1] = (byte) (colour >> 8);
    rgb[at + 2] = (byte) colour;
  }

  /** Returns the colour a fraction of the way from one to another. */
  static int blend(int from, int to, double fraction) {
    int colour = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int a = (from >> shift) & 0xFF;
      int b = (to >> shift) & 0xFF;
      colour |= (int) Math.round(a + (b - a) * fraction) << shift;
    }
    return colour;
  }
}
