package org.umwelt.agents.runs;

/** How far a run is. */
public enum RunState {
  /** Its result is there; or it is a recording, which has none, and nobody writes it. */
  FINISHED("finished"),
  /** Somebody writes it. */
  IN_PROGRESS("in progress"),
  /** It has no result and nobody writes it: it was stopped or killed, and can be gone on with. */
  STOPPED("stopped"),
  /** What it holds does not say. */
  UNKNOWN("unknown");

  private final String text;

  RunState(String text) {
    this.text = text;
  }

  /** Returns it as people write it. */
  @Override
  public String toString() {
    return text;
  }
}
