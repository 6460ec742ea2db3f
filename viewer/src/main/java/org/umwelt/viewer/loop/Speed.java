package org.umwelt.viewer.loop;

/** How fast a simulation goes, next to real time. */
public enum Speed {
  /** A quarter of it. */
  QUARTER("0.25", "\u00d7 \u00bc", 0.25),
  /** Real time. */
  ONE("1", "\u00d7 1", 1),
  /** Four times as fast. */
  FOUR("4", "\u00d7 4", 4),
  /** As fast as it goes. */
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
  public String word() {
    return word;
  }

  /** Returns the factor of real time. */
  public double factor() {
    return factor;
  }

  @Override
  public String toString() {
    return label;
  }
}
