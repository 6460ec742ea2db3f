package org.umwelt.agents.training;

/**
 * A training left the numbers: a loss or a gradient is not finite.
 *
 * <p>The message is one line: what was found where, and which file in the run folder holds what led
 * there. The command line prints it without a stack trace and exits with 1.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with its one line. */
  public DivergedException(String message) {
    super(message);
  }
}
