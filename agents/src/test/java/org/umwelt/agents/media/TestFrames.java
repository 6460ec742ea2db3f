package org.umwelt.agents.media;

import java.util.ArrayList;
import java.util.List;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.random.RandomStream;

/** Frames made by rule. */
final class TestFrames {
  private TestFrames() {}

  /** Every byte drawn at random. */
  static Frame noise(long seed, int width, int height) {
    RandomStream random = new RandomStream(seed);
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) random.nextInt(256);
    }
    return new Frame(width, height, rgb);
  }

  /** A red 4x4 block that moves one pixel right per frame over dark blue. */
  static List<Frame> movingBlock(int frames, int width, int height) {
    List<Frame> film = new ArrayList<>();
    for (int t = 0; t < frames; t++) {
      byte[] rgb = new byte[width * height * 3];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          boolean block = y >= 4 && y < 8 && x >= t && x < t + 4;
          int at = (y * width + x) * 3;
          rgb[at] = (byte) (block ? 200 : 10);
          rgb[at + 1] = (byte) (block ? 72 : 20);
          rgb[at + 2] = (byte) (block ? 72 : 60);
        }
      }
      film.add(new Frame(width, height, rgb));
    }
    return film;
  }
}
