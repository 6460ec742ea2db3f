package org.umwelt.viewer.plots;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.text.TextAlignment;

/**
 * Functions of one variable: points with error bars, lines, bars of a histogram, and level lines to
 * compare with. Of the FX thread; whoever has new numbers hands over all of them.
 */
public final class Curve extends Plot {
  private static final double LEFT = 56;
  private static final double RIGHT = 12;
  private static final double TOP = 20;
  private static final double BOTTOM = 34;

  /** How a data set is drawn. */
  public enum Style {
    /** Points joined by a line. */
    LINE,
    /** Points, with error bars where there are errors. */
    POINTS,
    /** Bars from zero, as wide as the points are apart. */
    BARS
  }

  /**
   * Points of one function.
   *
   * @param name for the legend; may be empty
   * @param x [n], ascending
   * @param y [n]; NaN where there is none
   * @param errors [n], one standard error each; empty where there are none
   */
  public record Data(String name, Style style, double[] x, double[] y, double[] errors) {
    /** Checks the lengths. */
    public Data {
      if (x.length != y.length || (errors.length != 0 && errors.length != y.length)) {
        throw new IllegalArgumentException(
            "expected as many y as x and as many errors or none, got %d, %d, %d"
                .formatted(x.length, y.length, errors.length));
      }
    }

    double error(int i) {
      return errors.length == 0 || !Double.isFinite(errors[i]) ? 0 : errors[i];
    }
  }

  /** A horizontal line to compare with. */
  public record Level(String name, double y) {}

  /** A vertical line at a place of interest. */
  public record Mark(String name, double x) {}

  private String title;
  private String xName;
  private boolean logarithmic;
  private List<Data> data = List.of();
  private List<Level> levels = List.of();
  private List<Mark> marks = List.of();
  private boolean changed;

  /** Creates an empty plot. */
  public Curve(String title, String xName) {
    this.title = title;
    this.xName = xName;
  }

  /**
   * Names plot and horizontal axis anew.
   *
   * @param isLogarithmic whether the vertical axis is; what is not above 0 is not drawn then, and
   *     bars, which begin at 0, cannot be
   */
  public void setAxes(String newTitle, String newXName, boolean isLogarithmic) {
    title = newTitle;
    xName = newXName;
    logarithmic = isLogarithmic;
    changed = true;
  }

  /** Returns where a value stands along the vertical axis; NaN where it does not. */
  private double place(double y) {
    if (!logarithmic) {
      return y;
    }
    return y > 0 ? Math.log10(y) : Double.NaN;
  }

  /** Shows these and nothing else. */
  public void show(List<Data> shown, List<Level> compared) {
    show(shown, compared, List.of());
  }

  /** Shows these and nothing else. */
  public void show(List<Data> shown, List<Level> compared, List<Mark> marked) {
    marks = List.copyOf(marked);
    data = List.copyOf(shown);
    levels = List.copyOf(compared);
    changed = true;
  }

  /** Makes the vertical axis logarithmic; what is not above 0 is not drawn then. */
  public Curve logarithmic() {
    logarithmic = true;
    return this;
  }

  /** Returns what is shown. */
  public List<Data> data() {
    return data;
  }

  @Override
  protected boolean hasChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  @Override
  protected void draw(GraphicsContext graphics, double width, double height) {
    Axes axes = axesOf(width, height);
    axes(graphics, palette(), axes, true, logarithmic);
    graphics.setFill(palette().muted());
    text(
        graphics,
        xName,
        (axes.left() + axes.right()) / 2,
        height - 2,
        TextAlignment.CENTER,
        VPos.BOTTOM);
    graphics.save();
    graphics.beginPath();
    graphics.rect(
        axes.left(), axes.top(), axes.right() - axes.left(), axes.bottom() - axes.top() + 1);
    graphics.clip();
    for (int i = 0; i < data.size(); i++) {
      draw(graphics, data.get(i), i, axes);
    }
    graphics.setLineDashes(5, 4);
    for (int i = 0; i < levels.size(); i++) {
      double y = crisp(axes.y(place(levels.get(i).y())));
      line(graphics, palette().series(data.size() + i), axes.left(), y, axes.right(), y);
    }
    graphics.setLineDashes();
    marks.forEach(mark -> draw(graphics, mark, axes));
    graphics.restore();
    legend(graphics, axes);
  }

  private Axes axesOf(double width, double height) {
    double lowX = Double.POSITIVE_INFINITY;
    double highX = Double.NEGATIVE_INFINITY;
    double lowY = Double.POSITIVE_INFINITY;
    double highY = Double.NEGATIVE_INFINITY;
    for (Data each : data) {
      double half = each.style() == Style.BARS ? spacing(each) / 2 : 0;
      for (int i = 0; i < each.x().length; i++) {
        double value = each.y()[i];
        if (!Double.isFinite(place(value))) {
          continue;
        }
        lowX = Math.min(lowX, each.x()[i] - half);
        highX = Math.max(highX, each.x()[i] + half);
        double lower = place(value - each.error(i));
        lowY = Math.min(lowY, Double.isNaN(lower) ? place(value) : lower);
        highY = Math.max(highY, place(value + each.error(i)));
        if (each.style() == Style.BARS) {
          lowY = Math.min(lowY, 0);
          highY = Math.max(highY, 0);
        }
      }
    }
    for (Level level : levels) {
      if (Double.isFinite(place(level.y()))) {
        lowY = Math.min(lowY, place(level.y()));
        highY = Math.max(highY, place(level.y()));
      }
    }
    if (lowX > highX) {
      lowX = 0;
      highX = 1;
    }
    if (lowY > highY) {
      lowY = 0;
      highY = 1;
    }
    boolean points = data.stream().anyMatch(each -> each.style() == Style.POINTS);
    double marginX = highX > lowX ? (points ? 0.02 * (highX - lowX) : 0) : 0.5;
    double marginY = highY > lowY ? 0.05 * (highY - lowY) : Math.max(0.5, 0.1 * Math.abs(highY));
    boolean fromZero = lowY == 0 && data.stream().anyMatch(each -> each.style() == Style.BARS);
    return new Axes(
        LEFT,
        TOP,
        Math.max(LEFT + 10, width - RIGHT),
        Math.max(TOP + 10, height - BOTTOM),
        lowX - marginX,
        highX + marginX,
        fromZero ? 0 : lowY - marginY,
        highY + marginY);
  }

  private void draw(GraphicsContext graphics, Mark mark, Axes axes) {
    double x = crisp(axes.x(mark.x()));
    line(graphics, palette().accent(), x, axes.top(), x, axes.bottom());
    boolean leftwards = x > (axes.left() + axes.right()) / 2;
    double wide = width(mark.name());
    double from = leftwards ? x - 5 - wide : x + 5;
    graphics.setFill(palette().background()); // lines behind would cross the text
    graphics.fillRect(from - 2, axes.top() + 2, wide + 4, TEXT + 3);
    graphics.setFill(palette().accent());
    text(graphics, mark.name(), from, axes.top() + 2, TextAlignment.LEFT, VPos.TOP);
  }

  private static double spacing(Data bars) {
    return bars.x().length > 1 ? bars.x()[1] - bars.x()[0] : 1;
  }

  private void draw(GraphicsContext graphics, Data each, int index, Axes axes) {
    graphics.setStroke(palette().series(index));
    graphics.setFill(palette().series(index));
    boolean pen = false;
    if (each.style() == Style.LINE) {
      graphics.setLineWidth(1.5);
      graphics.beginPath();
    }
    double half = spacing(each) / 2;
    for (int i = 0; i < each.x().length; i++) {
      double value = each.y()[i];
      if (!Double.isFinite(place(value))) {
        pen = false;
        continue;
      }
      double x = axes.x(each.x()[i]);
      double y = axes.y(place(value));
      switch (each.style()) {
        case LINE -> {
          if (pen) {
            graphics.lineTo(x, y);
          } else {
            graphics.moveTo(x, y);
            pen = true;
          }
        }
        case POINTS -> {
          graphics.fillOval(x - 2.5, y - 2.5, 5, 5);
          double error = each.error(i);
          if (error > 0) {
            double upper = axes.y(place(value + error));
            double lower =
                value > error || !logarithmic ? axes.y(place(value - error)) : axes.bottom();
            graphics.strokeLine(x, upper, x, lower);
            graphics.strokeLine(x - 3, upper, x + 3, upper);
            graphics.strokeLine(x - 3, lower, x + 3, lower);
          }
        }
        case BARS -> {
          double left = axes.x(each.x()[i] - half);
          double right = axes.x(each.x()[i] + half);
          double zero = axes.y(0);
          graphics.fillRect(
              left, Math.min(y, zero), Math.max(1, right - left - 1), Math.abs(zero - y));
        }
      }
    }
    if (each.style() == Style.LINE) {
      graphics.stroke();
      graphics.setLineWidth(1);
    }
  }

  private void legend(GraphicsContext graphics, Axes axes) {
    double y = TOP / 2;
    List<String> names = new ArrayList<>(data.stream().map(Data::name).toList());
    levels.forEach(level -> names.add(level.name()));
    double wide = width(title) + 12;
    for (String name : names) {
      wide += name.isEmpty() ? 0 : 12 + width(name) + 14;
    }
    double x = Math.clamp(axes.right() - wide, 0, axes.left());
    graphics.setFill(palette().foreground());
    text(graphics, title, x, y, TextAlignment.LEFT, VPos.CENTER);
    x += width(title) + 12;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.isEmpty()) {
        continue;
      }
      graphics.setFill(palette().series(i));
      graphics.fillRect(x, i < data.size() ? y - 4 : y - 1, 8, i < data.size() ? 8 : 2);
      graphics.setFill(palette().foreground());
      text(graphics, name, x + 12, y, TextAlignment.LEFT, VPos.CENTER);
      x += 12 + width(name) + 14;
    }
  }
}
