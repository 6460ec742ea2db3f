package org.umwelt.viewer.plots;

import java.nio.IntBuffer;
import javafx.geometry.Rectangle2D;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/**
 * A field in colours, blue below zero and red above, with a bar that says which colour is which
 * number. A field of vectors is shown by its length, with arrows.
 *
 * <p>The limit of the scale grows with the field and does not shrink, so that colours keep their
 * meaning while it changes.
 */
public final class HeatMap extends Plot {
  private static final double MARGIN = 6;
  private static final double TITLE = 20;
  private static final double PIXELS_PER_ARROW = 26;

  private final Field field;
  private int components = 1;
  private int width;
  private int height;
  private float[] values = {};
  private double limit;
  private boolean bar = true;
  private String title = "";
  private int titleSeries;
  private double cell = 1; // pixels
  private double left;
  private double top;
  private @Nullable PixelBuffer<IntBuffer> buffer;
  private @Nullable WritableImage image;

  /** Creates a heat map of numbers that are yet to come. */
  public HeatMap(Field field) {
    this.field = field;
  }

  /** Returns the number that has the colour of the upper end of the scale. */
  public double limit() {
    return limit;
  }

  /** Fits the scale to the next field. */
  public void forgetLimit() {
    limit = 0;
  }

  /** Raises the limit, so that several maps have one scale. */
  public void raiseLimit(double common) {
    if (common > limit) {
      limit = common;
      invalidate();
    }
  }

  /** Leaves out the bar, where another one serves several maps. */
  public HeatMap withoutBar() {
    bar = false;
    return this;
  }

  /** Writes a title above it, in the colour of a series. */
  public HeatMap titled(String text, int series) {
    title = text;
    titleSeries = series;
    return this;
  }

  /** Returns where a cell was drawn last, in this node's coordinates. */
  public Rectangle2D place(int x, int y) {
    return new Rectangle2D(left + x * cell, top + y * cell, cell, cell);
  }

  void show(int newComponents, int newWidth, int newHeight, float[] newValues) {
    if (newComponents != components || newWidth != width || newHeight != height) {
      limit = 0;
    }
    components = newComponents;
    width = newWidth;
    height = newHeight;
    if (values.length != newValues.length) {
      values = new float[newValues.length];
    }
    System.arraycopy(newValues, 0, values, 0, newValues.length);
    double largest = 0;
    for (int cell = 0; cell < width * height; cell++) {
      double size = Math.abs(scalar(cell));
      if (Double.isFinite(size)) {
        largest = Math.max(largest, size);
      }
    }
    if (largest > limit) {
      limit = rounded(largest);
    }
  }

  /** Returns the next number of one digit and a half above. */
  private static double rounded(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    return Math.ceil(value / power * 2) / 2 * power;
  }

  private double scalar(int cell) {
    return components == 1 ? values[cell] : Math.hypot(values[cell], values[width * height + cell]);
  }

  @Override
  protected boolean hasChanged() {
    return field.take(this);
  }

  @Override
  protected void draw(GraphicsContext graphics, double canvasWidth, double canvasHeight) {
    if (width == 0) {
      return;
    }
    ColorScale scale = ColorScale.of(palette());
    PixelBuffer<IntBuffer> target = buffer;
    if (target == null || target.getWidth() != width || target.getHeight() != height) {
      target =
          new PixelBuffer<>(
              width,
              height,
              IntBuffer.allocate(width * height),
              PixelFormat.getIntArgbPreInstance());
      buffer = target;
      image = new WritableImage(target);
    }
    IntBuffer pixels = target.getBuffer();
    double unit = limit > 0 ? limit : 1;
    for (int cell = 0; cell < width * height; cell++) {
      pixels.put(cell, scale.argb(scalar(cell) / unit));
    }
    target.updateBuffer(_ -> null);

    double beside = bar ? MARGIN + ColorBar.WIDTH : 0;
    double room = Math.max(16, canvasWidth - MARGIN - beside);
    double above = title.isEmpty() ? MARGIN : TITLE;
    cell = Math.min(room / width, (canvasHeight - MARGIN - above) / height);
    if (cell > 1) {
      cell = Math.floor(cell);
    }
    double shownWidth = width * cell;
    double shownHeight = height * cell;
    left = Math.floor(Math.max(0, (canvasWidth - shownWidth - beside) / 2));
    top = Math.floor((canvasHeight - shownHeight - MARGIN - above) / 2 + above);
    graphics.setFill(palette().series(titleSeries));
    text(graphics, title, left, top - 4, TextAlignment.LEFT, VPos.BOTTOM);
    graphics.setImageSmoothing(false);
    graphics.drawImage(image, left, top, shownWidth, shownHeight);
    if (components == 2) {
      arrows(graphics, unit);
    }
    if (bar) {
      double low = components == 2 ? 0 : -unit;
      ColorBar.draw(graphics, palette(), low, unit, left + shownWidth + MARGIN, top, shownHeight);
    }
  }

  private void arrows(GraphicsContext graphics, double unit) {
    int stride = (int) Math.max(1, Math.round(PIXELS_PER_ARROW / cell));
    double longest = 0.9 * stride * cell;
    graphics.setStroke(palette().foreground());
    graphics.setLineWidth(1.2);
    for (int y = stride / 2; y < height; y += stride) {
      for (int x = stride / 2; x < width; x += stride) {
        double dx = values[y * width + x] / unit * longest;
        double dy = values[width * height + y * width + x] / unit * longest;
        if (Math.hypot(dx, dy) < 1.5) {
          continue;
        }
        double x0 = left + (x + 0.5) * cell - dx / 2;
        double y0 = top + (y + 0.5) * cell - dy / 2;
        double x1 = x0 + dx;
        double y1 = y0 + dy;
        graphics.strokeLine(x0, y0, x1, y1);
        graphics.strokeLine(x1, y1, x1 - 0.3 * dx + 0.18 * dy, y1 - 0.3 * dy - 0.18 * dx);
        graphics.strokeLine(x1, y1, x1 - 0.3 * dx - 0.18 * dy, y1 - 0.3 * dy + 0.18 * dx);
      }
    }
    graphics.setLineWidth(1);
  }
}
