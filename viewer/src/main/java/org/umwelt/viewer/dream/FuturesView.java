package org.umwelt.viewer.dream;

import atlantafx.base.theme.Styles;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.Moment;
import org.umwelt.viewer.plots.FilmStrip;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.Ticks;

/** Futures of one step, below each other. */
final class FuturesView extends VBox {
  private final FilmStrip strip =
      new FilmStrip(
          "Imagined futures",
          "Choose a step and a next action, then Imagine futures (F):\nwhat may come next, several times over.");
  private final Label summary = new Label();
  private DreamState.@Nullable Fan shown;

  FuturesView() {
    super(4);
    setPrefWidth(10);
    setMinWidth(0);
    strip.setId("fan");
    summary.setId("fan-summary");
    summary.setWrapText(true);
    summary.setMinHeight(USE_PREF_SIZE);
    summary.getStyleClass().addAll(Styles.TEXT_MUTED, Styles.TEXT_SMALL);
    VBox.setVgrow(strip, Priority.ALWAYS);
    getChildren().setAll(strip, summary);
  }

  @SuppressWarnings("ReferenceEquality") // another fan, not an equal one
  void show(DreamState.@Nullable Fan fan) {
    if (fan == shown) {
      return;
    }
    shown = fan;
    if (fan == null) {
      strip.show(new FilmStrip.Film("Imagined futures", 0, 0, -1, List.of()));
      summary.setText("");
      return;
    }
    List<FilmStrip.Row> rows = new ArrayList<>();
    for (int i = 0; i < fan.rows().size(); i++) {
      List<FilmStrip.Cell> cells =
          fan.rows().get(i).stream()
              .map(moment -> new FilmStrip.Cell(moment.frame(), moment.reward(), moment.end()))
              .toList();
      rows.add(new FilmStrip.Row(Integer.toString(i + 1), DreamPictures.IMAGINED, cells));
    }
    strip.show(
        new FilmStrip.Film(
            "Imagined futures of step %d: %s".formatted(fan.from(), fan.words()),
            fan.from() + 1,
            fan.horizon(),
            -1,
            rows));
    double mean =
        fan.rows().stream()
            .mapToDouble(row -> row.stream().mapToLong(Moment::reward).sum())
            .average()
            .orElse(Double.NaN);
    long ends = fan.rows().stream().filter(row -> !row.isEmpty() && row.getLast().end()).count();
    summary.setText(
        "Mean predicted return %s over %d steps; %d of %d futures end within them."
            .formatted(Ticks.number(mean), fan.horizon(), ends, fan.rows().size()));
  }

  void refresh() {
    strip.refresh();
  }

  void setPalette(Palette colours) {
    strip.setPalette(colours);
  }
}
