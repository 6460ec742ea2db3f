package org.umwelt.viewer.samples;

import org.umwelt.viewer.loop.Loop;

/** How fast a sampler goes. */
enum Pace {
  ONE("1", "1 sweep/s", 1),
  TEN("10", "10 sweeps/s", 10),
  HUNDRED("100", "100 sweeps/s", 100),
  UNLIMITED("unlimited", "unlimited", Loop.UNLIMITED);

  private final String word;
  private final String label;
  private final double sweepsPerSecond;

  Pace(String word, String label, double sweepsPerSecond) {
    this.word = word;
    this.label = label;
    this.sweepsPerSecond = sweepsPerSecond;
  }

  /** Returns its name on the command line. */
  String word() {
    return word;
  }

  double sweepsPerSecond() {
    return sweepsPerSecond;
  }

  @Override
  public String toString() {
    return label;
  }
}
