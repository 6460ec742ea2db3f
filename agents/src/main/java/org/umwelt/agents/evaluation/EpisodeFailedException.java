package org.umwelt.agents.evaluation;

/** An episode could not be brought to its end; those finished before are kept. */
public final class EpisodeFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EpisodeFailedException(int index, long seed, Throwable cause) {
    super("episode %d (seed %d) failed: %s".formatted(index, seed, cause), cause);
  }
}
