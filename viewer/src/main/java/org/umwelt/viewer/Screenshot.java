package org.umwelt.viewer;

import javafx.scene.Scene;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import org.umwelt.agents.media.FrameImages;
import org.umwelt.envs.Frame;

/** Pictures of a window. */
final class Screenshot {
  private Screenshot() {}

  /** Returns what a scene shows as the bytes of a PNG file; on the FX thread. */
  static byte[] png(Scene scene) {
    WritableImage image = scene.snapshot(null);
    int width = (int) image.getWidth();
    int height = (int) image.getHeight();
    PixelReader pixels = image.getPixelReader();
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int argb = pixels.getArgb(x, y);
        int at = (y * width + x) * 3;
        rgb[at] = (byte) (argb >> 16);
        rgb[at + 1] = (byte) (argb >> 8);
        rgb[at + 2] = (byte) argb;
      }
    }
    return FrameImages.png(new Frame(width, height, rgb));
  }
}
