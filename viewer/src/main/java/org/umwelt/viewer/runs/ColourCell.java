package org.umwelt.viewer.runs;

import javafx.geometry.Pos;
import javafx.scene.control.TableCell;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunSummary;

/** A cell with the colour in which a selected run is drawn. */
final class ColourCell extends TableCell<RunRow, RunSummary> {
  private final Colours colours;

  ColourCell(Colours colours) {
    this.colours = colours;
    setAlignment(Pos.CENTER);
  }

  @Override
  protected void updateItem(@Nullable RunSummary run, boolean isEmpty) {
    super.updateItem(run, isEmpty);
    setGraphic(run == null || isEmpty ? null : colours.mark(run.path()));
  }
}
