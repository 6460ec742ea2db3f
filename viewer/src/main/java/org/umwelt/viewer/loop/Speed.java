package org.umwelt.viewer.live;

import org.umwelt.viewer.loop.Loop;

/** How fast a simulation goes, next to real time. */
enum Speed {
  QUARTER("0.25", "\u00d7 \u00bc", 0.25),
  ONE("1", "\u00d7 1", 1),
  FOUR("4", "\u00d7 4", 4),
  UNLIMITED("unlimited", "unlimited", Loop.UNLIMITED);

  private final String word;
  private final String label;
  private final double factor;

  Speed(String word, String label, double factor) {
    this.word = word;
    this.label = label;
    this.factor = factor;
  }

  /** Returns its name on the command line. */
  String word() {
    return word;
  }

  double factor() {
    return factor;
  }

  @Override
  public String toString() {
    return label;
  }
}
