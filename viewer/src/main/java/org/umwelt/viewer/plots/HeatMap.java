package org.umwelt.viewer.plots;

import java.nio.IntBuffer;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
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
  private static final double BAR = 12;
  private static final int BAR_STEPS = 255;
  private static final double MARGIN = 6;
  private static final double LABELS = 44;
  private static final double PIXELS_PER_ARROW = 26;

  private final Field field;
  private int components = 1;
  private int width;
  private int height;
  private float[] values = {};
  private double limit;
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

    double room = Math.max(16, canvasWidth - 2 * MARGIN - BAR - LABELS);
    double cell = Math.min(room / width, (canvasHeight - 2 * MARGIN) / height);
    if (cell > 1) {
      cell = Math.floor(cell);
    }
    double shownWidth = width * cell;
    double shownHeight = height * cell;
    double left = Math.floor(Math.max(0, (canvasWidth - shownWidth - MARGIN - BAR - LABELS) / 2));
    double top = Math.floor((canvasHeight - shownHeight) / 2);
    graphics.setImageSmoothing(false);
    graphics.drawImage(image, left, top, shownWidth, shownHeight);
    if (components == 2) {
      arrows(graphics, left, top, cell, unit);
    }
    colourBar(graphics, scale, left + shownWidth + MARGIN, top, shownHeight, unit);
  }

  private void arrows(GraphicsContext graphics, double left, double top, double cell, double unit) {
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

  private void colourBar(
      GraphicsContext graphics,
      ColorScale scale,
      double left,
      double top,
      double size,
      double unit) {
    double low = components == 2 ? 0 : -unit;
    for (int i = 0; i < BAR_STEPS; i++) {
      double value = low + (unit - low) * i / (BAR_STEPS - 1);
      int argb = scale.argb(value / unit);
      graphics.setFill(Color.rgb((argb >> 16) & 0xff, (argb >> 8) & 0xff, argb & 0xff));
      double y = top + size * (1 - (i + 1.0) / BAR_STEPS);
      graphics.fillRect(left, y, BAR, size / BAR_STEPS + 1);
    }
    graphics.setFill(palette().muted());
    Ticks ticks = Ticks.between(low, unit, (int) Math.clamp(size / 30, 2, 9));
    for (int i = 0; i < ticks.count(); i++) {
      double y = top + size * (1 - (ticks.at(i) - low) / (unit - low));
      VPos base = y < top + 6 ? VPos.TOP : y > top + size - 6 ? VPos.BOTTOM : VPos.CENTER;
      text(graphics, ticks.label(i), left + BAR + 4, y, TextAlignment.LEFT, base);
    }
  }
}
