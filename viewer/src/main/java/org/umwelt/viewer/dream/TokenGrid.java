package org.umwelt.viewer.dream;

import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import org.umwelt.viewer.plots.Plot;

/**
 * The tokens of a frame as a grid of the numbers of their codes: filled where the step changed
 * them, framed where reality has another.
 */
final class TokenGrid extends Plot {
  private static final double TINT = 0.45;
  private static final double LARGEST_TEXT = 18;

  private long[] tokens = {};
  private long[] before = {};
  private long[] real = {};
  private boolean changed;

  /**
   * Shows these.
   *
   * @param shown row by row, a square number of them; empty for none
   * @param previous those of the step before; empty where there are none
   * @param reality those of the real frame; empty where they are not known
   */
  void show(long[] shown, long[] previous, long[] reality) {
    tokens = shown;
    before = previous;
    real = reality;
    changed = true;
  }

  /** Returns how many codes the step changed. */
  int changedCells() {
    return differences(before);
  }

  /** Returns how many codes reality has otherwise. */
  int differingCells() {
    return differences(real);
  }

  private int differences(long[] others) {
    int count = 0;
    for (int i = 0; i < tokens.length; i++) {
      count += differs(others, i) ? 1 : 0;
    }
    return count;
  }

  private boolean differs(long[] others, int i) {
    return others.length == tokens.length && others[i] != tokens[i];
  }

  @Override
  protected boolean hasChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  @Override
  protected void draw(GraphicsContext graphics, double width, double height) {
    int side = (int) Math.round(Math.sqrt(tokens.length));
    if (side == 0) {
      return;
    }
    double size = Math.floor(Math.min(width, height) / side);
    double left = Math.floor((width - side * size) / 2);
    double top = Math.floor((height - side * size) / 2);
    Color tint = palette().series(DreamPictures.IMAGINED).deriveColor(0, 1, 1, TINT);
    graphics.setFont(Font.font(Math.min(LARGEST_TEXT, size * 0.36)));
    for (int i = 0; i < side * side; i++) {
      int row = i / side;
      double x = left + i % side * size;
      double y = top + row * size;
      graphics.setFill(differs(before, i) ? tint : palette().grid());
      graphics.fillRect(x + 1, y + 1, size - 2, size - 2);
      if (differs(real, i)) {
        graphics.setStroke(palette().series(DreamPictures.REAL));
        graphics.setLineWidth(3);
        graphics.strokeRect(x + 2.5, y + 2.5, size - 5, size - 5);
      }
      graphics.setFill(palette().foreground());
      graphics.setTextAlign(TextAlignment.CENTER);
      graphics.setTextBaseline(VPos.CENTER);
      graphics.fillText(Long.toString(tokens[i]), x + size / 2, y + size / 2);
    }
  }
}
