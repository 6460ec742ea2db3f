package org.umwelt.kernels.settings;

/**
 * A request that cannot be served as it was made.
 *
 * <p>The message is one line for the person who asked: what was expected, what was found, how to
 * mend it. The command line prints it without a stack trace and exits with 2.
 */
public final class BadRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with its one line. */
  public BadRequestException(String message) {
    super(message);
  }

  /** Creates the exception with its one line and what lies behind it. */
  public BadRequestException(String message, Throwable cause) {
    super(message, cause);
  }
}
