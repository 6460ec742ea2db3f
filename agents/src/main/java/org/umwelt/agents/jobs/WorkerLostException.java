package org.umwelt.agents.jobs;

/** A worker process ended, or said something that is no result. */
final class WorkerLostException extends Exception {
  private static final long serialVersionUID = 1L;

  WorkerLostException(String message) {
    super(message);
  }
}
