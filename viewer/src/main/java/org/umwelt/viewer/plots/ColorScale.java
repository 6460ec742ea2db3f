package org.umwelt.viewer.plots;

/**
 * Colours of numbers from {@code -limit} to {@code limit}: blue below zero, red above, and zero of
 * the colour of the background's end.
 *
 * <p>Lightness goes evenly from the middle to both ends, so that equal steps of the number look
 * equal and the sign is seen with any colour vision.
 */
public final class ColorScale {
  private static final int HALF = 127;

  // From the middle outwards; sRGB, chosen such that lightness falls evenly.
  private static final int[][] ABOVE_ON_LIGHT = {
    {247, 247, 247}, {250, 214, 193}, {240, 160, 126}, {211, 96, 79}, {169, 28, 46}, {103, 0, 31}
  };
  private static final int[][] BELOW_ON_LIGHT = {
    {247, 247, 247}, {205, 226, 239}, {146, 197, 222}, {76, 150, 198}, {35, 101, 168}, {5, 48, 97}
  };
  private static final int[][] ABOVE_ON_DARK = {
    {18, 20, 24}, {84, 28, 30}, {150, 44, 40}, {211, 82, 58}, {246, 146, 96}, {255, 222, 180}
  };
  private static final int[][] BELOW_ON_DARK = {
    {18, 20, 24}, {20, 46, 84}, {28, 82, 148}, {52, 130, 200}, {112, 184, 230}, {206, 236, 252}
  };

  private static final ColorScale LIGHT = new ColorScale(BELOW_ON_LIGHT, ABOVE_ON_LIGHT);
  private static final ColorScale DARK = new ColorScale(BELOW_ON_DARK, ABOVE_ON_DARK);

  private final int[] argb = new int[2 * HALF + 1];

  private ColorScale(int[][] below, int[][] above) {
    for (int i = 0; i <= HALF; i++) {
      argb[HALF - i] = between(below, (double) i / HALF);
      argb[HALF + i] = between(above, (double) i / HALF);
    }
  }

  /** Returns the scale for a theme. */
  public static ColorScale of(Palette palette) {
    return palette.dark() ? DARK : LIGHT;
  }

  private static int between(int[][] stops, double at) {
    double place = at * (stops.length - 1);
    int stop = (int) Math.min(stops.length - 2.0, Math.floor(place));
    double part = place - stop;
    int colour = 0xff;
    for (int channel = 0; channel < 3; channel++) {
      double value = stops[stop][channel] * (1 - part) + stops[stop + 1][channel] * part;
      colour = (colour << 8) | (int) Math.round(value);
    }
    return colour;
  }

  /**
   * Returns a colour, 0xffRRGGBB.
   *
   * @param value of the number over the limit; beyond -1 and 1 the colours of the ends, NaN grey
   */
  public int argb(double value) {
    return Double.isNaN(value)
        ? 0xff808080
        : argb[HALF + (int) Math.round(HALF * Math.clamp(value, -1, 1))];
  }
}
