package org.umwelt.agents.evaluation;

/** Watches an evaluation; called by one thread at a time. */
public interface EvaluationListener {
  /** Sees nothing. */
  EvaluationListener NONE = new EvaluationListener() {};

  /** The evaluation starts, or goes on with some episodes finished earlier. */
  default void started(int finishedBefore, int episodes) {}

  /** An episode is finished and kept. */
  default void finished(EpisodeResult episode) {}
}
