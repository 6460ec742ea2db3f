package org.umwelt.worldmodel.replay;

import org.umwelt.kernels.settings.BadRequestException;

/**
 * The shape of a frame: uint8 [height, width, channels], row-major, as environments write pictures.
 *
 * @param height in pixels; at least 1
 * @param width in pixels; at least 1
 * @param channels 3 for RGB, 1 for grey; at least 1
 */
public record FrameShape(int height, int width, int channels) {
  private static final int MOST_BYTES = 1 << 24;

  /** Checks the extents. */
  public FrameShape {
    if (Math.min(height, Math.min(width, channels)) < 1
        || (double) height * width * channels > MOST_BYTES) {
      throw new BadRequestException(
          "expected frames of at least 1x1x1 and at most %d bytes, got %dx%dx%d: resize them"
              .formatted(MOST_BYTES, height, width, channels));
    }
  }

  /** Returns the size of a frame in bytes. */
  public int bytes() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return "%dx%dx%d".formatted(height, width, channels);
  }
}
