package org.umwelt.envs.lattice;

import java.util.Arrays;
import org.umwelt.envs.Frame;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.Lattice;

/**
 * Fields as pictures: blue is negative, red positive, light grey 0; the colours of K. Moreland,
 * "Diverging color maps for scientific visualization", ISVC 2009.
 */
final class FieldPicture {
  private static final int[] BLUE = {59, 76, 192};
  private static final int[] GREY = {221, 221, 221};
  private static final int[] RED = {180, 4, 38};
  private static final int GAP = 2; // pixels between chains, white
  private static final int CHAINS = 4; // at most
  private static final int LEAST = 128; // pixels that a side of a field has at least, about
  private static final int STRIP = 24; // pixels that a field of one dimension is high

  private FieldPicture() {}

  /**
   * Draws the first chains side by side; of more than two dimensions a plane.
   *
   * @param limit of the field, where colours end
   */
  static Frame of(Chains chains, double limit) {
    Lattice lattice = chains.lattice();
    int dimensions = lattice.dimensions();
    int columns = lattice.length(dimensions - 1);
    int rows = dimensions == 1 ? 1 : lattice.length(dimensions - 2);
    int scale = Math.max(1, LEAST / Math.max(rows, columns));
    int tall = dimensions == 1 ? STRIP : rows * scale;
    int shown = Math.min(CHAINS, chains.count());
    int width = shown * (columns * scale + GAP) - GAP;
    byte[] rgb = new byte[width * tall * 3];
    Arrays.fill(rgb, (byte) 255);
    for (int chain = 0; chain < shown; chain++) {
      int left = chain * (columns * scale + GAP);
      for (int y = 0; y < tall; y++) {
        int row = dimensions == 1 ? 0 : y / scale;
        for (int x = 0; x < columns * scale; x++) {
          double phi = chains.fields()[chain * lattice.sites() + row * columns + x / scale];
          paint(rgb, (y * width + left + x) * 3, phi / limit);
        }
      }
    }
    return new Frame(width, tall, rgb);
  }

  private static void paint(byte[] rgb, int at, double value) {
    double part = Math.clamp(Math.abs(value), 0, 1);
    int[] end = value < 0 ? BLUE : RED;
    for (int colour = 0; colour < 3; colour++) {
      rgb[at + colour] = (byte) Math.round(GREY[colour] + part * (end[colour] - GREY[colour]));
    }
  }
}
