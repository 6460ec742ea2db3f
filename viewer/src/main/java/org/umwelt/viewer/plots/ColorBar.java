package org.umwelt.viewer.plots;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;

/** The bar that says which colour is which number, for several heat maps with one scale. */
public final class ColorBar extends Plot {
  /** How wide it is with its labels, in pixels. */
  public static final double WIDTH = 56;

  private static final double BAR = 12;
  private static final int STEPS = 255;
  private static final double MARGIN = 6;
  private static final double MOST = 300; // pixels high

  private double limit;
  private boolean changed = true;

  /** Creates a bar without numbers so far. */
  @SuppressWarnings("this-escape") // of JavaFX, whose setters call nothing of ours
  public ColorBar() {
    setMinWidth(WIDTH + MARGIN);
    setMaxWidth(WIDTH + MARGIN);
  }

  /** Says which number has the colour of the upper end; the lower end is its negative. */
  public void setLimit(double upper) {
    changed |= upper != limit;
    limit = upper;
  }

  @Override
  protected boolean hasChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  @Override
  protected void draw(GraphicsContext graphics, double width, double height) {
    if (limit > 0) {
      double size = Math.min(MOST, height - 2 * MARGIN);
      draw(graphics, palette(), -limit, limit, MARGIN, (height - size) / 2, size);
    }
  }

  /** Draws a bar; the colours are those from {@code -high} to {@code high}. */
  static void draw(
      GraphicsContext graphics,
      Palette palette,
      double low,
      double high,
      double left,
      double top,
      double size) {
    ColorScale scale = ColorScale.of(palette);
    for (int i = 0; i < STEPS; i++) {
      double value = low + (high - low) * i / (STEPS - 1);
      int argb = scale.argb(value / high);
      graphics.setFill(Color.rgb((argb >> 16) & 0xff, (argb >> 8) & 0xff, argb & 0xff));
      double y = top + size * (1 - (i + 1.0) / STEPS);
      graphics.fillRect(left, y, BAR, size / STEPS + 1);
    }
    graphics.setFill(palette.muted());
    Ticks ticks = Ticks.between(low, high, (int) Math.clamp(size / 30, 2, 9));
    for (int i = 0; i < ticks.count(); i++) {
      double y = top + size * (1 - (ticks.at(i) - low) / (high - low));
      VPos base = y < top + 6 ? VPos.TOP : y > top + size - 6 ? VPos.BOTTOM : VPos.CENTER;
      text(graphics, ticks.label(i), left + BAR + 4, y, TextAlignment.LEFT, base);
    }
  }
}
