package org.umwelt.viewer.runs;

import javafx.geometry.Pos;
import javafx.scene.control.TableCell;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunSummary;

/** A cell with the colour in which a selected run is drawn. */
final class ColourCell extends TableCell<RunRow, RunSummary> {
  static final double SIZE = 10;

  private final Colours colours;

  ColourCell(Colours colours) {
    this.colours = colours;
    setAlignment(Pos.CENTER);
  }

  @Override
  protected void updateItem(@Nullable RunSummary run, boolean isEmpty) {
    super.updateItem(run, isEmpty);
    Color colour = run == null || isEmpty ? null : colours.of(run.path());
    setGraphic(colour == null ? null : new Rectangle(SIZE, SIZE, colour));
  }
}
