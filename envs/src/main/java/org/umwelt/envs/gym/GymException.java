package org.umwelt.envs.gym;

/**
 * The Python side of a Gymnasium environment failed.
 *
 * <p>The message ends with Python's traceback, or with the last lines the process wrote where it
 * died without one.
 */
public final class GymException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean processLost;

  GymException(String message, boolean processLost) {
    super(message);
    this.processLost = processLost;
  }

  /**
   * Returns whether the process is gone, killed or by its own doing, so that the same episode may
   * go well in another one; false where Python raised an exception.
   */
  public boolean processLost() {
    return processLost;
  }
}
