package org.umwelt.viewer.live;

import org.umwelt.viewer.loop.Loop;

/** How fast a simulation goes, next to real time. */
enum Speed {
  QUARTER("\u00d7 \u00bc", 0.25),
  ONE("\u00d7 1", 1),
  FOUR("\u00d7 4", 4),
  UNLIMITED("unlimited", Loop.UNLIMITED);

  private final String label;
  private final double factor;

  Speed(String label, double factor) {
    this.label = label;
    this.factor = factor;
  }

  double factor() {
    return factor;
  }

  @Override
  public String toString() {
    return label;
  }
}
