package org.umwelt.viewer.samples;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.value.ObservableIntegerValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
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
  private final List<Label> names = new ArrayList<>();
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
    names.clear();
    List<Node> tiles = new ArrayList<>();
    int chains = display.fields().size();
    for (int i = 0; i < chains; i++) {
      if (wanted != 0 && wanted != i + 1) {
        continue;
      }
      HeatMap map = new HeatMap(display.fields().get(i)).withoutBar();
      map.setId("field-" + (i + 1));
      maps.add(map);
      if (wanted == 0 && chains > MOST_NAMES) {
        tiles.add(map);
        continue;
      }
      Label name = new Label("chain " + (i + 1));
      names.add(name);
      VBox.setVgrow(map, Priority.ALWAYS);
      tiles.add(new VBox(name, map));
    }
    grid.show(tiles);
    grid.setAspect((double) display.width() / display.height());
    colour();
    repaint.run();
  }

  private void colour() {
    bar.setPalette(palette);
    maps.forEach(map -> map.setPalette(palette));
    for (int i = 0; i < names.size(); i++) {
      names.get(i).setTextFill(palette.series(shown == 0 ? i : shown - 1));
    }
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
