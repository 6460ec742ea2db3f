package org.umwelt.viewer.plots;

import javafx.geometry.VPos;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.Text;
import javafx.scene.text.TextAlignment;

/**
 * A canvas that fills its place and is drawn again only where something changed. Of the FX thread.
 */
public abstract class Plot extends Region {
  /** Size of text in pixels. */
  static final double TEXT = 11;

  static final Font FONT = Font.font(TEXT);

  private final Canvas canvas = new Canvas();
  private Palette palette = Palette.LIGHT;
  private boolean stale = true;

  /** Creates an empty plot. */
  @SuppressWarnings("this-escape") // of JavaFX, whose constructors call nothing of ours
  protected Plot() {
    getChildren().add(canvas);
    setMinSize(40, 40);
  }

  /** Takes other colours. */
  public final void setPalette(Palette colours) {
    palette = colours;
    invalidate();
  }

  /** Returns the colours. */
  protected final Palette palette() {
    return palette;
  }

  /** Has the plot drawn at the next refresh. */
  protected final void invalidate() {
    stale = true;
  }

  /** Draws the plot where its data, its size or its colours changed. */
  public final void refresh() {
    boolean changed = hasChanged(); // asked in any case: it takes what is new
    if ((stale || changed) && canvas.getWidth() > 1 && canvas.getHeight() > 1) {
      stale = false;
      GraphicsContext graphics = canvas.getGraphicsContext2D();
      graphics.setFill(palette.background());
      graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
      graphics.setFont(FONT);
      graphics.setLineWidth(1);
      draw(graphics, canvas.getWidth(), canvas.getHeight());
    }
  }

  /** Returns whether the data changed since this was last asked. */
  protected abstract boolean hasChanged();

  /** Draws everything; the background is there. */
  protected abstract void draw(GraphicsContext graphics, double width, double height);

  @Override
  protected final void layoutChildren() {
    double width = Math.floor(getWidth());
    double height = Math.floor(getHeight());
    if (canvas.getWidth() != width || canvas.getHeight() != height) {
      canvas.setWidth(width);
      canvas.setHeight(height);
      invalidate();
      refresh();
    }
  }

  @Override
  protected final double computePrefWidth(double height) {
    return 320;
  }

  @Override
  protected final double computePrefHeight(double width) {
    return 160;
  }

  /** Returns how wide a text is, in pixels. */
  static double width(String text) {
    Text measured = new Text(text);
    measured.setFont(FONT);
    return measured.getLayoutBounds().getWidth();
  }

  static void text(
      GraphicsContext graphics, String text, double x, double y, TextAlignment align, VPos base) {
    graphics.setTextAlign(align);
    graphics.setTextBaseline(base);
    graphics.fillText(text, x, y);
  }

  /**
   * Draws a frame, with ticks, labels and grid lines of both axes.
   *
   * @param labelled whether the horizontal axis has labels
   */
  static void axes(GraphicsContext graphics, Palette palette, Axes axes, boolean labelled) {
    axes(graphics, palette, axes, labelled, false);
  }

  /**
   * Draws a frame, with ticks, labels and grid lines of both axes.
   *
   * @param labelled whether the horizontal axis has labels
   * @param logarithmic whether the vertical axis holds common logarithms
   */
  static void axes(
      GraphicsContext graphics, Palette palette, Axes axes, boolean labelled, boolean logarithmic) {
    if (logarithmic) {
      for (double value : LogTicks.between(axes.lowY(), axes.highY(), axes.mostVertical())) {
        horizontal(graphics, palette, axes, Math.log10(value), LogTicks.label(value));
      }
    } else {
      Ticks vertical = axes.verticalTicks();
      for (int i = 0; i < vertical.count(); i++) {
        horizontal(graphics, palette, axes, vertical.at(i), vertical.label(i));
      }
    }
    Ticks horizontal = axes.horizontalTicks();
    for (int i = 0; i < horizontal.count(); i++) {
      double x = crisp(axes.x(horizontal.at(i)));
      line(graphics, palette.grid(), x, axes.top(), x, axes.bottom());
      if (!labelled) {
        continue;
      }
      graphics.setFill(palette.muted());
      text(
          graphics,
          horizontal.label(i),
          x,
          axes.bottom() + 4,
          i == horizontal.count() - 1 && x > axes.right() - 16
              ? TextAlignment.RIGHT
              : TextAlignment.CENTER,
          VPos.TOP);
    }
    line(graphics, palette.muted(), axes.left(), axes.top(), axes.left(), axes.bottom());
    line(graphics, palette.muted(), axes.left(), axes.bottom(), axes.right(), axes.bottom());
  }

  private static void horizontal(
      GraphicsContext graphics, Palette palette, Axes axes, double place, String label) {
    double y = crisp(axes.y(place));
    line(graphics, palette.grid(), axes.left(), y, axes.right(), y);
    graphics.setFill(palette.muted());
    text(graphics, label, axes.left() - 5, y, TextAlignment.RIGHT, VPos.CENTER);
  }

  static void line(
      GraphicsContext graphics, Color color, double x0, double y0, double x1, double y1) {
    graphics.setStroke(color);
    graphics.strokeLine(x0, y0, x1, y1);
  }

  static double crisp(double at) {
    return Math.floor(at) + 0.5;
  }
}
