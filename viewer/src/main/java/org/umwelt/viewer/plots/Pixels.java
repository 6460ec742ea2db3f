package org.umwelt.viewer.plots;

import java.util.Arrays;
import org.umwelt.envs.Frame;

/**
 * A picture on its way from a simulation's thread to the window: the newest one, and whether it was
 * taken.
 *
 * <p>Whoever draws asks {@link #isWanted} first, so that pictures nobody would see are not drawn.
 * Safe for use by several threads; drawing pictures of one size allocates nothing.
 */
public final class Pixels {
  /** Draws a picture. */
  @FunctionalInterface
  public interface Painter {
    /** Writes {@code width * height} opaque pixels, 0xffRRGGBB, row-major. */
    void paint(int[] argb);
  }

  private int width;
  private int height;
  private int[] argb = {};
  private boolean fresh;
  private volatile boolean wanted = true;

  /** Returns whether the last picture was taken, so that another would be seen. */
  public boolean isWanted() {
    return wanted;
  }

  /** Replaces the picture. */
  public synchronized void paint(int newWidth, int newHeight, Painter painter) {
    width = newWidth;
    height = newHeight;
    if (argb.length != newWidth * newHeight) {
      argb = new int[newWidth * newHeight];
    }
    painter.paint(argb);
    fresh = true;
    wanted = false;
  }

  /** Replaces the picture by a frame. */
  public void paint(Frame frame) {
    byte[] rgb = frame.rgb();
    paint(
        frame.width(),
        frame.height(),
        pixels -> {
          for (int i = 0; i < pixels.length; i++) {
            pixels[i] =
                0xff000000
                    | ((rgb[3 * i] & 0xff) << 16)
                    | ((rgb[3 * i + 1] & 0xff) << 8)
                    | (rgb[3 * i + 2] & 0xff);
          }
        });
  }

  /** Replaces the picture by none. */
  public synchronized void clear() {
    width = 0;
    height = 0;
    argb = new int[0];
    fresh = true;
    wanted = true;
  }

  /** Hands the picture over where it is new. */
  synchronized boolean take(PictureTile tile) {
    if (!fresh) {
      return false;
    }
    fresh = false;
    wanted = true;
    tile.show(width, height, argb);
    return true;
  }

  /** Returns a copy of the picture as a frame. */
  public synchronized Frame frame() {
    byte[] rgb = new byte[argb.length * 3];
    for (int i = 0; i < argb.length; i++) {
      rgb[3 * i] = (byte) (argb[i] >> 16);
      rgb[3 * i + 1] = (byte) (argb[i] >> 8);
      rgb[3 * i + 2] = (byte) argb[i];
    }
    return new Frame(width, height, rgb);
  }

  @Override
  public synchronized String toString() {
    return "%dx%d pixels %08x".formatted(width, height, Arrays.hashCode(argb));
  }
}
