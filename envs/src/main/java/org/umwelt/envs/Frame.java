package org.umwelt.envs;

/**
 * A picture: 8-bit RGB, row-major, no padding.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb {@code height * width * 3} bytes
 */
public record Frame(int width, int height, byte[] rgb) {
  /** Checks the size. */
  public Frame {
    if (rgb.length != width * height * 3) {
      throw new IllegalArgumentException(
          "expected %d bytes for %dx%d RGB, got %d"
              .formatted(width * height * 3, width, height, rgb.length));
    }
  }
}
