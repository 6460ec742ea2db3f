package org.umwelt.agents.media;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.umwelt.envs.Frame;

/** Frames as Java images and as PNG, pixel for pixel. */
public final class FrameImages {
  private FrameImages() {}

  /** Returns the frame as an opaque 24-bit image. */
  public static BufferedImage toImage(Frame frame) {
    BufferedImage image =
        new BufferedImage(frame.width(), frame.height(), BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    byte[] rgb = frame.rgb();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] =
          ((rgb[3 * i] & 0xFF) << 16) | ((rgb[3 * i + 1] & 0xFF) << 8) | (rgb[3 * i + 2] & 0xFF);
    }
    return image;
  }

  /** Returns the colours of an image; transparency is dropped. */
  public static Frame toFrame(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] rgb = new byte[pixels.length * 3];
    for (int i = 0; i < pixels.length; i++) {
      rgb[3 * i] = (byte) (pixels[i] >> 16);
      rgb[3 * i + 1] = (byte) (pixels[i] >> 8);
      rgb[3 * i + 2] = (byte) pixels[i];
    }
    return new Frame(width, height, rgb);
  }

  /** Returns the frame as the bytes of a PNG file. */
  public static byte[] png(Frame frame) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // A stream of our own: ImageIO would otherwise put a cache file into the temporary folder.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(toImage(frame), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads the bytes of a PNG file.
   *
   * @throws IllegalArgumentException where they are no picture
   */
  public static Frame fromPng(byte[] png) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
      if (image == null) {
        throw new IllegalArgumentException("expected the bytes of a PNG file");
      }
      return toFrame(image);
    } catch (IOException e) {
      throw new IllegalArgumentException("expected the bytes of a PNG file: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the frame with every pixel a square of {@code factor} times {@code factor}.
   *
   * @param factor at least 1
   */
  public static Frame enlarge(Frame frame, int factor) {
    if (factor == 1) {
      return frame;
    }
    int width = frame.width() * factor;
    byte[] from = frame.rgb();
    byte[] to = new byte[Math.multiplyExact(width * 3, frame.height() * factor)];
    for (int y = 0; y < frame.height(); y++) {
      int row = y * factor * width * 3;
      int at = row;
      for (int x = 0; x < frame.width(); x++) {
        int pixel = (y * frame.width() + x) * 3;
        for (int copy = 0; copy < factor; copy++) {
          to[at++] = from[pixel];
          to[at++] = from[pixel + 1];
          to[at++] = from[pixel + 2];
        }
      }
      for (int copy = 1; copy < factor; copy++) {
        System.arraycopy(to, row, to, row + copy * width * 3, width * 3);
      }
    }
    return new Frame(width, frame.height() * factor, to);
  }
}
