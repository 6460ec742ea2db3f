package org.umwelt.viewer.plots;

/**
 * Where the values of a plot stand on its canvas.
 *
 * @param left pixel of {@code lowX}
 * @param top pixel of {@code highY}
 * @param right pixel of {@code highX}
 * @param bottom pixel of {@code lowY}
 */
record Axes(
    double left,
    double top,
    double right,
    double bottom,
    double lowX,
    double highX,
    double lowY,
    double highY) {
  private static final double PIXELS_PER_TICK_X = 52;
  private static final double PIXELS_PER_TICK_Y = 32;

  double x(double value) {
    return left + (value - lowX) / (highX - lowX) * (right - left);
  }

  double y(double value) {
    return bottom - (value - lowY) / (highY - lowY) * (bottom - top);
  }

  double valueX(double pixel) {
    return lowX + (pixel - left) / (right - left) * (highX - lowX);
  }

  Ticks horizontalTicks() {
    return Ticks.between(
        lowX, highX, Math.max(2, (int) Math.ceil((right - left) / PIXELS_PER_TICK_X)));
  }

  Ticks verticalTicks() {
    return Ticks.between(lowY, highY, mostVertical());
  }

  int mostVertical() {
    return Math.max(2, (int) ((bottom - top) / PIXELS_PER_TICK_Y));
  }
}
