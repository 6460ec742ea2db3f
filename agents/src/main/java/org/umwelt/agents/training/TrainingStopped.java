package org.umwelt.agents.training;

/** An epoch was left in its middle because the training was asked to stop. */
public final class TrainingStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public TrainingStopped() {
    super("the training was asked to stop");
  }
}
