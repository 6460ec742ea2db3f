package org.umwelt.viewer.loop;

import java.io.IOException;

/** A simulation that a {@link Loop} steps; all its methods run on the loop's thread. */
public interface Work extends AutoCloseable {

  /**
   * Takes one step.
   *
   * @return whether there is another; a loop pauses at the end of its work
   */
  boolean step() throws Exception;

  /** Returns how many steps a second are real time, for speed 1. */
  double stepsPerSecond();

  /**
   * Makes the present state visible. Called before the loop waits, so that a loop that never waits
   * need not draw what nobody sees.
   */
  default void settle() throws Exception {}

  /** Frees what the work holds. */
  @Override
  void close() throws IOException;
}
