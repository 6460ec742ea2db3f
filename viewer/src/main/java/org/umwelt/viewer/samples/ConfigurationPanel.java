package org.umwelt.viewer.samples;

import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import org.umwelt.viewer.loop.Loop;
import org.umwelt.viewer.plots.Palette;

/** A field with a slider that says which of the kept configurations it is; the end follows. */
final class ConfigurationPanel implements SamplePanel {
  private final SamplePanel field;
  private final RecordedChains chains;
  private final Slider slider = new Slider(0, 0, 0);
  private final Label words = new Label();
  private final BorderPane node;
  private boolean following; // while the slider moves by itself

  ConfigurationPanel(SamplePanel field, RecordedChains chains, Loop loop) {
    this.field = field;
    this.chains = chains;
    slider.setId("configuration");
    slider.setBlockIncrement(1);
    slider.setTooltip(new Tooltip("Which configuration; at its end, always the newest"));
    words.setId("configuration-words");
    words.setLabelFor(slider);
    slider
        .valueProperty()
        .addListener((_, _, value) -> {
          if (!following) {
            long index = Math.round(value.doubleValue());
            chains.want(index >= slider.getMax() ? RecordedChains.NEWEST : index, loop);
          }
        });
    VBox below = new VBox(2, slider, words);
    below.setPadding(new Insets(4, 8, 4, 8));
    node = new BorderPane(field.node());
    node.setBottom(below);
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public void setPalette(Palette colours) {
    field.setPalette(colours);
  }

  @Override
  public void refresh() {
    field.refresh();
    double last = Math.max(0, chains.configurations() - 1);
    if (slider.getMax() != last) {
      following = true;
      boolean atEnd = slider.getValue() >= slider.getMax();
      slider.setMax(last);
      if (atEnd) {
        slider.setValue(last);
      }
      following = false;
    }
    slider.setDisable(last == 0);
    if (!words.getText().equals(chains.shown())) {
      words.setText(chains.shown());
    }
  }
}
