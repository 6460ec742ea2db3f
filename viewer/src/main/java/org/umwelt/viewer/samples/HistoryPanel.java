package org.umwelt.viewer.samples;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.Node;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.TimeLine;

/** Action per site and magnetisation of the first chains, measurement by measurement. */
final class HistoryPanel implements SamplePanel {
  private final TimeLine timeLine = new TimeLine().growing();

  HistoryPanel(LatticeDisplay display) {
    timeLine.setId("history");
    timeLine.setHistory(display.history());
    int chains = display.histories();
    String whose =
        chains < display.series().chains() ? ", the first %d chains".formatted(chains) : "";
    timeLine.addStrip("Action per site" + whose, series(0, chains));
    timeLine.addStrip("Magnetisation M", series(chains, chains));
  }

  private static List<TimeLine.Series> series(int first, int chains) {
    return IntStream.range(0, chains)
        .mapToObj(chain -> new TimeLine.Series("", first + chain))
        .toList();
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
