package org.umwelt.viewer.samples;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.value.ObservableIntegerValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import org.umwelt.viewer.plots.ColorBar;
import org.umwelt.viewer.plots.HeatMap;
import org.umwelt.viewer.plots.Palette;
import org.umwelt.viewer.plots.TileGrid;

/** The field of one chain, or of all as tiles with one scale. */
final class FieldPanel implements SamplePanel {
  /** More tiles than this have no names. */
  private static final int MOST_NAMES = 16;

  private final LatticeDisplay display;
  private final ObservableIntegerValue chain;
  private final Runnable repaint;
  private final TileGrid grid = new TileGrid();
  private final ColorBar bar = new ColorBar();
  private final BorderPane node = new BorderPane(grid);
  private final List<HeatMap> maps = new ArrayList<>();
  private Palette palette = Palette.LIGHT;
  private int shown = -1;

  /**
   * Creates the panel.
   *
   * @param chain which chain is shown, from 1; 0 for all
   * @param repaint has the fields written again
   */
  FieldPanel(LatticeDisplay display, ObservableIntegerValue chain, Runnable repaint) {
    this.display = display;
    this.chain = chain;
    this.repaint = repaint;
    grid.setId("field");
    node.setRight(bar);
    if (display.lattice().dimensions() > 2) {
      node.setBottom(new Label("the plane through the origin in the last two directions"));
    }
  }

  /** Returns the maps that are shown, in the order of the chains. */
  List<HeatMap> maps() {
    return maps;
  }

  private void choose(int wanted) {
    shown = wanted;
    display.choose(wanted);
    maps.clear();
    int chains = display.fields().size();
    for (int i = 0; i < chains; i++) {
      if (wanted != 0 && wanted != i + 1) {
        continue;
      }
      HeatMap map = new HeatMap(display.fields().get(i)).withoutBar();
      map.setId("field-" + (i + 1));
      maps.add(map);
      if (wanted != 0 || chains <= MOST_NAMES) {
        map.titled("chain " + (i + 1), i);
      }
    }
    grid.show(maps);
    grid.setAspect(display.width() / (1.08 * display.height()));
    colour();
    repaint.run();
  }

  private void colour() {
    bar.setPalette(palette);
    maps.forEach(map -> map.setPalette(palette));
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public void setPalette(Palette colours) {
    palette = colours;
    colour();
  }

  @Override
  public void refresh() {
    int wanted = chain.get() <= display.fields().size() ? chain.get() : 0;
    if (wanted != shown) {
      choose(wanted);
    }
    maps.forEach(HeatMap::refresh);
    double limit = maps.stream().mapToDouble(HeatMap::limit).max().orElse(0);
    maps.forEach(map -> map.raiseLimit(limit));
    bar.setLimit(limit);
    bar.refresh();
  }
}
