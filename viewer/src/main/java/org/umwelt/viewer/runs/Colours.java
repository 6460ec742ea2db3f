package org.umwelt.viewer.runs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import org.jspecify.annotations.Nullable;
import org.umwelt.viewer.plots.Palette;

/** Which colour each selected run has; it keeps it as long as it is selected. */
final class Colours {
  private static final double MARK = 10;

  private final List<@Nullable Path> runs;
  private Palette palette;

  Colours(Palette palette) {
    this.palette = palette;
    runs = new ArrayList<@Nullable Path>();
    for (int i = 0; i < palette.series().size(); i++) {
      runs.add(null);
    }
  }

  void setPalette(Palette next) {
    palette = next;
  }

  /** Gives the runs that are selected now a colour each, as far as there are any. */
  void give(List<Path> selected) {
    runs.replaceAll(run -> run == null || selected.contains(run) ? run : null);
    for (Path run : selected) {
      int free = runs.indexOf(null);
      if (free < 0) {
        return;
      }
      if (!runs.contains(run)) {
        runs.set(free, run);
      }
    }
  }

  /** Returns the runs by the number of their colour; null where a colour is free. */
  List<@Nullable Path> runs() {
    return Collections.unmodifiableList(new ArrayList<>(runs));
  }

  /** Returns how many runs can have one. */
  int size() {
    return runs.size();
  }

  private @Nullable Color of(Path run) {
    int number = runs.indexOf(run);
    return number < 0 ? null : palette.series(number);
  }

  /** Returns a square in the colour of a run; null where it has none. */
  @Nullable Node mark(Path run) {
    Color colour = of(run);
    return colour == null ? null : new Rectangle(MARK, MARK, colour);
  }
}
