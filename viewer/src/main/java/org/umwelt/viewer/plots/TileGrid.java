package org.umwelt.viewer.plots;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.layout.Region;

/** Lays nodes of one shape out in rows and columns such that each is as large as can be. */
public final class TileGrid extends Region {
  private static final double GAP = 4;

  private double aspect = 1;

  /** Shows these tiles, as squares for now. */
  public void show(List<? extends Node> tiles) {
    aspect = 1;
    getChildren().setAll(tiles);
  }

  /** Says the width over the height of a tile. */
  public void setAspect(double widthOverHeight) {
    aspect = widthOverHeight;
    requestLayout();
  }

  @Override
  protected void layoutChildren() {
    int n = getChildren().size();
    if (n == 0) {
      return;
    }
    int columns = 1;
    double best = 0;
    for (int candidate = 1; candidate <= n; candidate++) {
      int rows = (n + candidate - 1) / candidate;
      double width = Math.min(getWidth() / candidate, getHeight() / rows * aspect);
      if (width > best + 0.5) {
        best = width;
        columns = candidate;
      }
    }
    int rows = (n + columns - 1) / columns;
    double width = Math.floor(getWidth() / columns);
    double height = Math.floor(Math.min(getHeight() / rows, width / aspect));
    double top = Math.floor((getHeight() - rows * height) / 2);
    for (int i = 0; i < n; i++) {
      int row = i / columns;
      int column = i % columns;
      getChildren()
          .get(i)
          .resizeRelocate(column * width, top + row * height, width - GAP, height - GAP);
    }
  }

  @Override
  protected double computeMinWidth(double height) {
    return 120;
  }

  @Override
  protected double computeMinHeight(double width) {
    return 120;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 480;
  }

  @Override
  protected double computePrefHeight(double width) {
    return 480;
  }
}
