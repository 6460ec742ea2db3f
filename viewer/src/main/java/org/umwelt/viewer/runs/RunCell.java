package org.umwelt.viewer.runs;

import java.util.function.Function;
import javafx.scene.control.TableCell;
import javafx.scene.control.Tooltip;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunSummary;

/** A cell with a few words about a run, all of which stand in its tooltip. */
final class RunCell extends TableCell<RunRow, RunSummary> {
  /** Colours of the theme. */
  static final String ACCENT = "-fx-text-fill: -color-accent-fg;";

  static final String WARNING = "-fx-text-fill: -color-warning-fg;";
  static final String DANGER = "-fx-text-fill: -color-danger-fg;";
  static final String MUTED = "-fx-text-fill: -color-fg-muted;";

  private final Function<RunSummary, String> text;
  private final Function<RunSummary, String> tip;
  private final Function<RunSummary, String> style;

  /**
   * A cell.
   *
   * @param style in the words of CSS; empty for none
   */
  RunCell(
      Function<RunSummary, String> text,
      Function<RunSummary, String> tip,
      Function<RunSummary, String> style) {
    this.text = text;
    this.tip = tip;
    this.style = style;
  }

  @Override
  protected void updateItem(@Nullable RunSummary run, boolean isEmpty) {
    super.updateItem(run, isEmpty);
    if (run == null || isEmpty) {
      setText(null);
      setTooltip(null);
      setStyle("");
      return;
    }
    setText(text.apply(run));
    String words = tip.apply(run);
    setTooltip(words.isEmpty() ? null : new Tooltip(words));
    setStyle(style.apply(run));
  }
}
