package org.umwelt.envs.dataset;

/** A step of a recorded episode that cannot be read because its bytes have changed. */
public final class DamagedStepException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int episode;
  private final int row;

  DamagedStepException(int episode, int row, String message) {
    super(message);
    this.episode = episode;
    this.row = row;
  }

  /** Returns the number of the episode. */
  public int episode() {
    return episode;
  }

  /** Returns the row that was asked for: t of observation t, action t or reward t. */
  public int row() {
    return row;
  }
}
