package org.umwelt.viewer.samples;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.Node;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.TimeLine;

/** The share of proposals each update accepts. */
final class AcceptancePanel implements SamplePanel {
  private final TimeLine timeLine = new TimeLine().growing();

  /**
   * Creates the panel.
   *
   * @param each what a row of the history is: a sweep, a block
   */
  AcceptancePanel(LatticeDisplay display, String each) {
    timeLine.setId("acceptance");
    timeLine.setHistory(display.acceptance());
    List<String> updates = display.updates();
    timeLine.addStrip(
        "Acceptance by " + each,
        IntStream.range(0, updates.size())
            .mapToObj(update -> new TimeLine.Series(updates.get(update), update))
            .toList());
  }

  @Override
  public Node node() {
    return timeLine;
  }

  @Override
  public void setPalette(Palette colours) {
    timeLine.setPalette(colours);
  }

  @Override
  public void refresh() {
    timeLine.refresh();
  }
}
