package org.umwelt.agents.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.umwelt.envs.Frame;

/**
 * Draws lines of ASCII text into frames, without any font on the machine.
 *
 * <p>The glyphs are a rendering of DejaVu Sans Mono (Bitstream Vera licence).
 */
final class Caption {
  /** Width of a character in pixels. */
  static final int WIDTH = 8;

  /** Height of a line in pixels. */
  static final int HEIGHT = 16;

  private static final int FIRST = ' ';
  private static final int LAST = '~';
  private static final int COLUMNS = 16;
  private static final Frame GLYPHS = load();

  private Caption() {}

  private static Frame load() {
    try (InputStream in = Caption.class.getResourceAsStream("glyphs.png")) {
      if (in == null) {
        throw new IllegalStateException("glyphs.png is missing from the class path");
      }
      return FrameImages.fromPng(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Draws text with its upper left corner at (x, y); characters that are not ASCII become {@code
   * ?}, and what does not fit is cut off.
   *
   * @param colour 0xRRGGBB
   */
  static void draw(Frame onto, int x, int y, String text, int colour) {
    for (int i = 0; i < text.length(); i++) {
      int code = text.charAt(i) < FIRST || text.charAt(i) > LAST ? '?' : text.charAt(i);
      int glyphX = (code - FIRST) % COLUMNS * WIDTH;
      int glyphY = (code - FIRST) / COLUMNS * HEIGHT;
      for (int row = 0; row < HEIGHT && y + row < onto.height(); row++) {
        for (int column = 0; column < WIDTH; column++) {
          int at = x + i * WIDTH + column;
          if (at < onto.width()) {
            int coverage =
                GLYPHS.rgb()[((glyphY + row) * GLYPHS.width() + glyphX + column) * 3] & 0xFF;
            blend(onto.rgb(), ((y + row) * onto.width() + at) * 3, colour, coverage);
          }
        }
      }
    }
  }

  private static void blend(byte[] rgb, int at, int colour, int coverage) {
    for (int channel = 0; channel < 3; channel++) {
      int above = colour >> (16 - 8 * channel) & 0xFF;
      int below = rgb[at + channel] & 0xFF;
      rgb[at + channel] = (byte) ((above * coverage + below * (255 - coverage) + 127) / 255);
    }
  }
}
