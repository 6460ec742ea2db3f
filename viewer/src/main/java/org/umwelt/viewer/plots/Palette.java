package org.umwelt.viewer.plots;

import java.util.List;
import javafx.scene.paint.Color;

/**
 * The colours of plots in one theme.
 *
 * @param dark whether the background is the darker end
 * @param background behind a plot
 * @param foreground of text
 * @param muted of axes and lesser text
 * @param grid of lines behind the data
 * @param accent of marks, such as a cursor
 * @param series of data, told apart by people with any colour vision (after Okabe and Ito)
 */
public record Palette(
    boolean dark,
    Color background,
    Color foreground,
    Color muted,
    Color grid,
    Color accent,
    List<Color> series) {
  /** For the light theme. */
  public static final Palette LIGHT =
      new Palette(
          false,
          Color.web("#ffffff"),
          Color.web("#24292f"),
          Color.web("#57606a"),
          Color.web("#e4e8ec"),
          Color.web("#cf222e"),
          colors("#0072b2", "#d55e00", "#009e73", "#a6478a", "#a67c00", "#3b8fc4", "#6e7781"));

  /** For the dark theme. */
  public static final Palette DARK =
      new Palette(
          true,
          Color.web("#0d1117"),
          Color.web("#e6edf3"),
          Color.web("#9aa4af"),
          Color.web("#262c34"),
          Color.web("#ff7b72"),
          colors("#56b4e9", "#e69f00", "#2fc79b", "#d48fbb", "#f0e442", "#8ab8ff", "#b1bac4"));

  private static List<Color> colors(String... webs) {
    return List.of(webs).stream().map(Color::web).toList();
  }

  /** Returns the colour of the i-th series; they repeat. */
  public Color series(int i) {
    return series.get(Math.floorMod(i, series.size()));
  }
}
