package org.umwelt.viewer.plots;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.MouseEvent;
import javafx.scene.text.TextAlignment;
import org.jspecify.annotations.Nullable;

/**
 * Series over one common axis of steps, in strips one above the other, each with its own vertical
 * axis and a legend that says the latest value.
 */
public final class TimeLine extends Plot {
  private static final double LEFT = 52;
  private static final double RIGHT = 10;
  private static final double TOP = 18;
  private static final double BOTTOM = 20;
  private static final double GAP = 8;

  /** One column of the history, and its name. */
  public record Series(String name, int column) {}

  /** Series with one vertical axis. */
  private record Strip(String title, double titleWidth, List<Series> series) {}

  private final List<Strip> strips = new ArrayList<>();
  private @Nullable History history;
  private int columns = 1;
  private float[] rows = {}; // [capacity, columns]
  private long drawnVersion = -1;
  private long cursor = -1;
  private boolean growing;
  private @Nullable LongConsumer chooser;
  private @Nullable Axes lastAxes;

  /** Creates a time line without strips. */
  public TimeLine() {
    addEventHandler(MouseEvent.MOUSE_PRESSED, this::choose);
    addEventHandler(MouseEvent.MOUSE_DRAGGED, this::choose);
  }

  /** Shows another history, without strips so far. */
  public void setHistory(History shown) {
    history = shown;
    columns = shown.columns();
    rows = new float[shown.capacity() * shown.columns()];
    strips.clear();
    drawnVersion = -1;
    invalidate();
  }

  /** Adds a strip below the others. */
  public void addStrip(String title, List<Series> series) {
    strips.add(new Strip(title, width(title), List.copyOf(series)));
    invalidate();
  }

  /** Shows as much of the axis as there are rows, by halves, rather than all it will have. */
  public TimeLine growing() {
    growing = true;
    return this;
  }

  /** Marks a row, counted as the history counts; -1 for none. The legend then says its values. */
  public void setCursor(long row) {
    if (cursor != row) {
      cursor = row;
      invalidate();
    }
  }

  /** Has a row that is pressed with the mouse told. */
  public void onChoose(LongConsumer told) {
    chooser = told;
  }

  private void choose(MouseEvent event) {
    if (chooser != null && lastAxes != null) {
      double value = lastAxes.valueX(event.getX());
      chooser.accept(Math.round(Math.clamp(value, lastAxes.lowX(), lastAxes.highX())));
    }
  }

  @Override
  protected boolean hasChanged() {
    return history != null && history.version() != drawnVersion;
  }

  @Override
  protected void draw(GraphicsContext graphics, double width, double height) {
    if (history == null || strips.isEmpty()) {
      return;
    }
    drawnVersion = history.version();
    History.Span span = history.copy(rows);
    double each = (height - BOTTOM - GAP * (strips.size() - 1)) / strips.size();
    for (int i = 0; i < strips.size(); i++) {
      double top = i * (each + GAP);
      draw(graphics, strips.get(i), span, width, top, top + each, i == strips.size() - 1);
    }
  }

  private void draw(
      GraphicsContext graphics,
      Strip strip,
      History.Span span,
      double width,
      double top,
      double bottom,
      boolean last) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int row = 0; row < span.count(); row++) {
      for (Series series : strip.series()) {
        float value = value(row, series);
        if (Float.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    boolean empty = low > high;
    if (empty) {
      low = 0;
      high = 1;
    }
    if (high - low < 1e-12 * Math.max(1, Math.abs(high))) {
      double margin = Math.max(0.5, Math.abs(high) * 0.1);
      low -= margin;
      high += margin;
    }
    double margin = 0.06 * (high - low);
    Axes axes =
        new Axes(
            LEFT,
            top + TOP,
            Math.max(LEFT + 10, width - RIGHT),
            bottom,
            span.first(),
            span.first() + shownRows(span) - 1.0,
            low - margin,
            high + margin);
    lastAxes = axes;
    axes(graphics, palette(), axes, last);
    if (cursor >= span.first() && cursor < span.first() + span.count()) {
      double x = crisp(axes.x(cursor));
      line(graphics, palette().accent(), x, axes.top(), x, axes.bottom());
    }
    for (int i = 0; i < strip.series().size(); i++) {
      graphics.setStroke(palette().series(i));
      graphics.setLineWidth(1.5);
      curve(graphics, strip.series().get(i), span, axes);
      graphics.setLineWidth(1);
    }
    legend(graphics, strip, span, axes, top, empty);
  }

  private double shownRows(History.Span span) {
    double most = (double) rows.length / columns;
    while (growing && most > 16 && most / 2 >= span.count()) {
      most /= 2;
    }
    return most;
  }

  private float value(int row, Series series) {
    return rows[row * columns + series.column()];
  }

  /** Draws a polyline; where a pixel holds several rows, its lowest and highest. */
  private void curve(GraphicsContext graphics, Series series, History.Span span, Axes axes) {
    boolean dense = span.count() > 2 * (axes.right() - axes.left());
    graphics.beginPath();
    boolean pen = false;
    int row = 0;
    while (row < span.count()) {
      float low = value(row, series);
      float high = low;
      double x = axes.x(span.first() + row);
      row++;
      while (dense && row < span.count() && axes.x(span.first() + row) < x + 1) {
        float next = value(row++, series);
        low = Float.isNaN(low) ? next : Math.min(low, Float.isNaN(next) ? low : next);
        high = Float.isNaN(high) ? next : Math.max(high, Float.isNaN(next) ? high : next);
      }
      if (!Float.isFinite(low)) {
        pen = false;
        continue;
      }
      if (pen) {
        graphics.lineTo(x, axes.y(low));
      } else {
        graphics.moveTo(x, axes.y(low));
        pen = true;
      }
      if (high != low) {
        graphics.lineTo(x, axes.y(high));
      }
    }
    graphics.stroke();
  }

  private void legend(
      GraphicsContext graphics,
      Strip strip,
      History.Span span,
      Axes axes,
      double top,
      boolean empty) {
    double y = top + TOP / 2;
    graphics.setFill(palette().foreground());
    text(graphics, strip.title(), axes.left(), y, TextAlignment.LEFT, VPos.CENTER);
    double x = axes.left() + strip.titleWidth() + 12;
    if (empty) {
      return;
    }
    long at = cursor >= span.first() ? cursor : span.first() + span.count() - 1;
    int row = Math.clamp(at - span.first(), 0, Math.max(0, span.count() - 1));
    for (int i = 0; i < strip.series().size(); i++) {
      Series series = strip.series().get(i);
      String label = (series.name() + " " + Ticks.number(value(row, series))).strip();
      double end = x + 12 + width(label);
      if (end > axes.right() && i > 0) {
        graphics.setFill(palette().muted());
        text(graphics, "...", x, y, TextAlignment.LEFT, VPos.CENTER);
        return;
      }
      graphics.setFill(palette().series(i));
      graphics.fillRect(x, y - 4, 8, 8);
      graphics.setFill(palette().foreground());
      text(graphics, label, x + 12, y, TextAlignment.LEFT, VPos.CENTER);
      x = end + 14;
    }
  }
}
