package org.umwelt.viewer.samples;

import java.util.List;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Region;

/** Panels in as many columns as there is room for, which share the height that is there. */
final class PanelGrid extends Region {
  private static final double LEAST_WIDTH = 300;
  private static final double LEAST_HEIGHT = 190;
  private static final double GAP = 8;

  /** Shows these. */
  void show(List<? extends Node> panels) {
    getChildren().setAll(panels);
  }

  private int columns(double width) {
    int most = Math.max(1, (int) ((width + GAP) / (LEAST_WIDTH + GAP)));
    int rows = Math.ceilDiv(Math.max(1, getChildren().size()), most);
    return Math.ceilDiv(Math.max(1, getChildren().size()), rows); // no holes where it can be
  }

  private int rows(double width) {
    return Math.ceilDiv(getChildren().size(), columns(width));
  }

  @Override
  public Orientation getContentBias() {
    return Orientation.HORIZONTAL;
  }

  @Override
  protected double computeMinWidth(double height) {
    return LEAST_WIDTH;
  }

  @Override
  protected double computePrefWidth(double height) {
    return 2 * LEAST_WIDTH + GAP;
  }

  @Override
  protected double computeMinHeight(double width) {
    return rows(width) * (LEAST_HEIGHT + GAP) - GAP;
  }

  @Override
  protected double computePrefHeight(double width) {
    return computeMinHeight(width);
  }

  @Override
  protected void layoutChildren() {
    int n = getChildren().size();
    if (n == 0) {
      return;
    }
    int columns = columns(getWidth());
    int rows = rows(getWidth());
    double height = (getHeight() + GAP) / rows;
    for (int i = 0; i < n; i++) {
      int row = i / columns;
      int inRow = Math.min(columns, n - row * columns); // the last row is filled as well
      double width = (getWidth() + GAP) / inRow;
      getChildren()
          .get(i)
          .resizeRelocate(
              Math.floor((i % columns) * width),
              Math.floor(row * height),
              Math.floor(width - GAP),
              Math.floor(height - GAP));
    }
  }
}
