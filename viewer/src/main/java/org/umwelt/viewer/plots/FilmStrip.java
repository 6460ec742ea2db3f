package org.umwelt.viewer.plots;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.Image;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import javafx.scene.text.TextAlignment;
import org.umwelt.envs.Frame;

/**
 * Frames over steps, one row per episode, with rewards below and ends across them. Where there is
 * no room for every step, every n-th is shown; a reward in between is drawn below the one before
 * it.
 */
public final class FilmStrip extends Plot {
  private static final double TOP = 34;
  private static final double BOTTOM = 2;
  private static final double GAP = 4;
  private static final double BAR = 3;
  private static final double LARGEST = 96;
  private static final double SUMS = 34;
  private static final double LINE = 15;
  private static final double ENTRY = 28; // of the legend, without its text

  /**
   * One step.
   *
   * @param frame it
   * @param reward that led to it
   * @param end whether the episode ended with it
   */
  public record Cell(Frame frame, double reward, boolean end) {}

  /**
   * One episode.
   *
   * @param name in front of it
   * @param series number of its colour
   * @param cells its steps
   */
  public record Row(String name, int series, List<Cell> cells) {}

  /**
   * What is shown.
   *
   * @param title above
   * @param first number of the first step
   * @param steps there may be in a row
   * @param mark step before which a line is drawn; -1 for none
   * @param rows of frames
   */
  public record Film(String title, int first, int steps, int mark, List<Row> rows) {}

  private final String hint;
  private Film film;
  private IdentityHashMap<byte[], Image> images = new IdentityHashMap<>();
  private boolean changed = true;

  /**
   * Creates an empty strip.
   *
   * @param title of it
   * @param hint shown where there are no frames, in lines
   */
  public FilmStrip(String title, String hint) {
    this.hint = hint;
    film = new Film(title, 0, 0, -1, List.of());
  }

  /** Shows these and nothing else. */
  public void show(Film shown) {
    film = shown;
    changed = true;
  }

  /** Returns what is shown. */
  public Film film() {
    return film;
  }

  @Override
  protected boolean hasChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  @Override
  protected void draw(GraphicsContext graphics, double width, double height) {
    graphics.setFill(palette().foreground());
    text(graphics, film.title(), 0, LINE / 2, TextAlignment.LEFT, VPos.CENTER);
    if (film.rows().isEmpty() || film.steps() == 0) {
      hint(graphics, width, height);
      return;
    }
    double left = film.rows().stream().mapToDouble(row -> width(row.name())).max().orElse(0) + 8;
    double room = width - left - SUMS;
    double rowHeight = (height - TOP - BOTTOM) / film.rows().size();
    double size = Math.max(6, Math.min(LARGEST, Math.floor(rowHeight - BAR - 3)));
    int columns = Math.max(1, (int) Math.floor((room + GAP) / (size + GAP)));
    int stride = (film.steps() + columns - 1) / columns;
    IdentityHashMap<byte[], Image> used = new IdentityHashMap<>();
    graphics.setFill(palette().muted());
    for (int t = 0; t < film.steps(); t += stride) {
      int column = t / stride;
      double x = left + column * (size + GAP) + size / 2;
      String number = Integer.toString(film.first() + t);
      if (size >= 22 || column % 2 == 0) {
        text(graphics, number, x, TOP - 4, TextAlignment.CENTER, VPos.BOTTOM);
      }
    }
    for (int i = 0; i < film.rows().size(); i++) {
      Row row = film.rows().get(i);
      double y = TOP + i * rowHeight;
      graphics.setFill(palette().series(row.series()));
      text(graphics, row.name(), 0, y + size / 2, TextAlignment.LEFT, VPos.CENTER);
      double x = left;
      for (int t = 0; t < row.cells().size(); t += stride) {
        int next = Math.min(row.cells().size(), t + stride);
        cell(graphics, row.cells().subList(t, next), x, y, size, used);
        x += size + GAP;
      }
      double sum = row.cells().stream().mapToDouble(Cell::reward).sum();
      graphics.setFill(palette().foreground());
      text(graphics, signed(sum), x + 2, y + size / 2, TextAlignment.LEFT, VPos.CENTER);
    }
    images = used;
    if (film.mark() >= film.first() && film.mark() < film.first() + film.steps()) {
      int column = (film.mark() - film.first() + stride - 1) / stride;
      double x = left + column * (size + GAP) - GAP / 2;
      graphics.setLineWidth(2);
      line(graphics, palette().accent(), x, TOP - 2, x, height - BOTTOM);
      graphics.setLineWidth(1);
    }
    legend(graphics, width, stride);
  }

  private void hint(GraphicsContext graphics, double width, double height) {
    graphics.setFill(palette().muted());
    String[] lines = hint.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      text(
          graphics,
          lines[i],
          width / 2,
          height / 2 + (i - (lines.length - 1) / 2.0) * LINE,
          TextAlignment.CENTER,
          VPos.CENTER);
    }
  }

  /** Draws the first of some steps, with the rewards and the end of all. */
  private void cell(
      GraphicsContext graphics,
      List<Cell> steps,
      double x,
      double y,
      double size,
      IdentityHashMap<byte[], Image> used) {
    Frame frame = steps.getFirst().frame();
    Image image = images.getOrDefault(frame.rgb(), used.get(frame.rgb()));
    if (image == null) {
      image = image(frame);
    }
    used.put(frame.rgb(), image);
    graphics.setImageSmoothing(size < frame.width());
    graphics.drawImage(image, x, y, size, size);
    double up = steps.stream().mapToDouble(Cell::reward).filter(reward -> reward > 0).sum();
    double down = steps.stream().mapToDouble(Cell::reward).filter(reward -> reward < 0).sum();
    if (up > 0) {
      graphics.setFill(gain());
      graphics.fillRect(x, y + size + 1, down < 0 ? size / 2 : size, BAR);
    }
    if (down < 0) {
      graphics.setFill(loss());
      graphics.fillRect(up > 0 ? x + size / 2 : x, y + size + 1, up > 0 ? size / 2 : size, BAR);
    }
    if (steps.getLast().end()) {
      double height = Math.min(size, 12);
      graphics.setFill(palette().background());
      graphics.fillRect(x, y + size - height, size, height);
      graphics.setFill(palette().foreground());
      text(graphics, "end", x + size / 2, y + size, TextAlignment.CENTER, VPos.BOTTOM);
    }
  }

  private Color gain() {
    return palette().series(2);
  }

  private Color loss() {
    return palette().accent();
  }

  private static Image image(Frame frame) {
    WritableImage image = new WritableImage(frame.width(), frame.height());
    image
        .getPixelWriter()
        .setPixels(
            0,
            0,
            frame.width(),
            frame.height(),
            PixelFormat.getByteRgbInstance(),
            frame.rgb(),
            0,
            frame.width() * 3);
    return image;
  }

  private static String signed(double sum) {
    return sum > 0 ? "+" + Ticks.number(sum) : Ticks.number(sum);
  }

  private void legend(GraphicsContext graphics, double width, int stride) {
    String gains = "reward > 0";
    String losses = "< 0";
    String sums = "sum";
    String some = stride > 1 ? String.format(Locale.ROOT, "1 in %d steps", stride) : "";
    double wide = ENTRY + width(gains) + ENTRY + width(losses) + width(sums);
    double x = width - wide;
    if (width(film.title()) + 12 > x) {
      return; // no room: the colours speak for themselves
    }
    double y = LINE / 2;
    if (!some.isEmpty() && width(film.title()) + width(some) + 24 < x) {
      graphics.setFill(palette().muted());
      text(graphics, some, x - 12, y, TextAlignment.RIGHT, VPos.CENTER);
    }
    x = entry(graphics, gain(), gains, x, y);
    x = entry(graphics, loss(), losses, x, y);
    text(graphics, sums, x, y, TextAlignment.LEFT, VPos.CENTER);
  }

  private double entry(GraphicsContext graphics, Color colour, String name, double x, double y) {
    graphics.setFill(colour);
    graphics.fillRect(x, y - BAR / 2, 12, BAR);
    graphics.setFill(palette().muted());
    text(graphics, name, x + 16, y, TextAlignment.LEFT, VPos.CENTER);
    return x + ENTRY + width(name);
  }
}
