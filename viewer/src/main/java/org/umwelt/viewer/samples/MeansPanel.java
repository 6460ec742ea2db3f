package org.umwelt.viewer.samples;

import atlantafx.base.theme.Styles;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import org.jspecify.annotations.Nullable;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.viewer.plots.Palette;

/** Means with their errors, autocorrelation times and numbers of independent samples. */
final class MeansPanel implements SamplePanel {
  private static final Map<String, String> NAMES =
      Map.of(
          "chi", "\u03c7",
          "U4", "U\u2084 (Binder)",
          "xi2", "\u03be (second moment)",
          "action", "action per site",
          "phi^2", "\u03c6\u00b2");

  private final LatticeDisplay display;
  private final GridPane node = new GridPane(12, 4);
  private final Map<String, List<Label>> rows = new HashMap<>();
  private @Nullable RunningEstimates shown;

  MeansPanel(LatticeDisplay display) {
    this.display = display;
    node.setId("means");
    node.setPadding(new Insets(4, 8, 4, 8));
    heading(0, "mean");
    heading(1, "value(error)");
    heading(2, "\u03c4_int");
    heading(3, "n_eff");
  }

  private void heading(int column, String text) {
    Label label = new Label(text);
    label.getStyleClass().addAll(Styles.TEXT_SMALL, Styles.TEXT_MUTED);
    label.setMinWidth(Label.USE_PREF_SIZE);
    node.add(label, column, 0);
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public void setPalette(Palette colours) {
    // Labels follow the theme by themselves.
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // new figures are another object
  public void refresh() {
    RunningEstimates latest = display.estimates();
    if (latest != null && latest != shown) {
      shown = latest;
      latest.means().forEach(this::show);
    }
  }

  private void show(String name, Estimate mean) {
    List<Label> labels = rows.computeIfAbsent(name, this::row);
    labels.get(0).setText(mean.concise());
    labels.get(1).setText(mean.conciseTime());
    labels.get(2).setText(String.format(Locale.ROOT, "%,.0f", mean.effectiveSampleSize()));
  }

  private List<Label> row(String name) {
    List<Label> labels = List.of(new Label(), new Label(), new Label());
    labels.getFirst().setId("mean-" + name);
    int row = rows.size() + 1;
    Label title = new Label(NAMES.getOrDefault(name, name));
    title.setMinWidth(Label.USE_PREF_SIZE);
    title.getStyleClass().add(Styles.TEXT_SMALL);
    node.add(title, 0, row);
    for (int i = 0; i < labels.size(); i++) {
      labels.get(i).getStyleClass().add(Styles.TEXT_SMALL);
      labels.get(i).setMinWidth(Label.USE_PREF_SIZE);
      node.add(labels.get(i), i + 1, row);
    }
    return labels;
  }
}
