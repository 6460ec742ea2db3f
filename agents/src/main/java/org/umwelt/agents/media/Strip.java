package org.umwelt.agents.media;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.umwelt.envs.Frame;

/**
 * A contact sheet: rows of captioned frames on white, to be printed or put on a page.
 *
 * <p>Every row has a title above it; every cell has its step below it, flush left, and the reward
 * since the cell before, flush right. Columns are as wide as the widest cell of the sheet, so that
 * rows of different frames stand in line.
 */
public final class Strip {
  private static final int MARGIN = 12;
  private static final int GAP = 8;
  private static final int PAPER = 0xFFFFFF;
  private static final int TITLE = 0x1F2328;
  private static final int STEP = 0x6E7781;
  private static final int GAIN = 0x1A7F37;
  private static final int LOSS = 0xCF222E;

  private Strip() {}

  /**
   * One frame with what stands below it.
   *
   * @param frame the picture
   * @param step its number
   * @param reward right caption, signed and coloured; nothing where 0
   */
  public record Cell(Frame frame, int step, double reward) {
    String note() {
      return reward == 0 ? "" : signed(reward);
    }
  }

  /**
   * A titled sequence of cells with frames of one size.
   *
   * @param title above the row; none where empty
   * @param cells at least one
   * @param columns after how many cells the row goes on below
   * @param scale whole enlargement factor of the frames
   */
  public record Row(String title, List<Cell> cells, int columns, int scale) {
    /** Checks that there are cells, of one size. */
    public Row {
      cells = List.copyOf(cells);
      Frame first = cells.getFirst().frame();
      for (Cell cell : cells) {
        if (cell.frame().width() != first.width() || cell.frame().height() != first.height()) {
          throw new IllegalArgumentException("expected frames of one size in a row");
        }
      }
      if (columns < 1 || scale < 1) {
        throw new IllegalArgumentException(
            "expected columns and scale >= 1, got %d and %d".formatted(columns, scale));
      }
    }

    private int cellWidth() {
      return cells.getFirst().frame().width() * scale;
    }

    private int cellHeight() {
      return cells.getFirst().frame().height() * scale + 2 + Caption.HEIGHT;
    }

    private int lines() {
      return Math.ceilDiv(cells.size(), columns);
    }

    private int titleHeight() {
      return title.isEmpty() ? 0 : Caption.HEIGHT + 4;
    }

    private int width(int pitch) {
      int shown = Math.min(columns, cells.size());
      return Math.max((shown - 1) * pitch + cellWidth(), title.length() * Caption.WIDTH);
    }

    private int height() {
      return titleHeight() + lines() * cellHeight() + (lines() - 1) * GAP;
    }
  }

  /** Draws the rows one below another. */
  public static Frame sheet(List<Row> rows) {
    int pitch = GAP + rows.stream().mapToInt(Row::cellWidth).max().orElse(0);
    int width = 2 * MARGIN + rows.stream().mapToInt(row -> row.width(pitch)).max().orElse(0);
    int height = 2 * MARGIN + rows.stream().mapToInt(Row::height).sum();
    height += Math.max(0, rows.size() - 1) * 2 * GAP;
    Frame sheet = new Frame(width, height, new byte[Math.multiplyExact(width * 3, height)]);
    Arrays.fill(sheet.rgb(), (byte) PAPER);
    int y = MARGIN;
    for (Row row : rows) {
      draw(sheet, row, y, pitch);
      y += row.height() + 2 * GAP;
    }
    return sheet;
  }

  private static void draw(Frame sheet, Row row, int top, int pitch) {
    Caption.draw(sheet, MARGIN, top, row.title(), TITLE);
    for (int i = 0; i < row.cells().size(); i++) {
      Cell cell = row.cells().get(i);
      int x = MARGIN + i % row.columns() * pitch;
      int y = top + row.titleHeight() + i / row.columns() * (row.cellHeight() + GAP);
      Frame picture = FrameImages.enlarge(cell.frame(), row.scale());
      paste(picture, sheet, x, y);
      int below = y + picture.height() + 2;
      String note = cell.note();
      int noteX = x + row.cellWidth() - note.length() * Caption.WIDTH;
      Caption.draw(sheet, noteX, below, note, cell.reward() < 0 ? LOSS : GAIN);
      // Narrow frames have no room for both: the step gives way.
      int room = (noteX - x) / Caption.WIDTH - (note.isEmpty() ? 0 : 1);
      String number = Integer.toString(cell.step());
      String step = number.length() + 5 <= room ? "step " + number : number;
      if (step.length() <= room) {
        Caption.draw(sheet, x, below, step, STEP);
      }
    }
  }

  private static void paste(Frame picture, Frame sheet, int left, int top) {
    for (int y = 0; y < picture.height(); y++) {
      System.arraycopy(
          picture.rgb(),
          y * picture.width() * 3,
          sheet.rgb(),
          ((top + y) * sheet.width() + left) * 3,
          picture.width() * 3);
    }
  }

  /**
   * Returns {@code count} steps of {@code first..last}, evenly spread, both ends included; all of
   * them where there are no more.
   */
  public static List<Integer> evenly(int first, int last, int count) {
    int available = last - first + 1;
    if (count >= available) {
      return everyStep(first, last, 1);
    }
    List<Integer> steps = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      steps.add(
          count == 1
              ? first
              : first + Math.toIntExact(Math.round((double) i * (last - first) / (count - 1))));
    }
    return steps;
  }

  /** Returns every {@code every}-th step of {@code first..last}, beginning with the first. */
  public static List<Integer> everyStep(int first, int last, int every) {
    List<Integer> steps = new ArrayList<>();
    for (long step = first; step <= last; step += every) {
      steps.add((int) step);
    }
    return steps;
  }

  /** Returns a number with its sign, whole numbers without a point: {@code +1}, {@code -0.25}. */
  static String signed(double number) {
    String text =
        number == Math.rint(number) && Math.abs(number) < 1e15
            ? Long.toString((long) number)
            : Float.toString((float) number);
    return number > 0 ? "+" + text : text;
  }
}
