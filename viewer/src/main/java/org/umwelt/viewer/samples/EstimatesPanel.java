package org.umwelt.viewer.samples;

import atlantafx.base.theme.Styles;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.viewer.plots.Curve;
import org.umwelt.viewer.plots.Palette;

/** A curve of what the latest measurements say, and a line of words below it. */
abstract class EstimatesPanel implements SamplePanel {
  private final LatticeDisplay display;
  private final Curve curve;
  private final Label words = new Label();
  private final VBox node;
  private @Nullable RunningEstimates shown;

  /**
   * Creates an empty panel.
   *
   * @param id of the plot; the words have it with {@code -words}
   */
  EstimatesPanel(LatticeDisplay display, String id, Curve curve) {
    this.display = display;
    this.curve = curve;
    curve.setId(id);
    words.setId(id + "-words");
    words.setWrapText(true);
    words.setMinHeight(Label.USE_PREF_SIZE);
    words.getStyleClass().addAll(Styles.TEXT_SMALL, Styles.TEXT_MUTED);
    words.setPadding(new Insets(0, 8, 2, 8));
    VBox.setVgrow(curve, Priority.ALWAYS);
    node = new VBox(curve, words);
  }

  /**
   * Shows new figures.
   *
   * @return what is to be said of them
   */
  abstract String show(RunningEstimates figures, Curve target);

  @Override
  public final Node node() {
    return node;
  }

  @Override
  public final void setPalette(Palette colours) {
    curve.setPalette(colours);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // new figures are another object
  public final void refresh() {
    RunningEstimates latest = display.estimates();
    if (latest != null && latest != shown) {
      shown = latest;
      words.setText(show(latest, curve));
    }
    curve.refresh();
  }
}
