package org.umwelt.agents.training;

/** An epoch could not be brought to its end; the last checkpoint is kept. */
public final class EpochFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EpochFailedException(int epoch, Throwable cause) {
    super("epoch %d failed: %s".formatted(epoch, cause), cause);
  }
}
