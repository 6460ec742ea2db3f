package org.umwelt.agents.training;

/** Watches a training. */
public interface TrainingListener {
  /** Sees nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * The training starts, or goes on with some epochs finished earlier.
   *
   * @param remaining knows after each epoch how much time is left
   */
  default void started(int finishedBefore, RemainingTime remaining) {}

  /** An epoch is at {@code done} of {@code total} in one of its phases. */
  default void progress(int epoch, String phase, long done, long total) {}

  /** An epoch has something to say. */
  default void note(int epoch, String line) {}

  /** An epoch is finished, its line and its checkpoint are written. */
  default void finished(int epoch) {}
}
