package org.umwelt.agents.suites;

import org.umwelt.agents.jobs.JobResult;

/** Watches a suite; called by one thread at a time. */
public interface SuiteListener {
  /** Sees nothing. */
  SuiteListener NONE = new SuiteListener() {};

  /**
   * The suite starts or goes on.
   *
   * @param finishedBefore jobs that are finished already
   * @param jobs how many there are
   */
  default void started(int finishedBefore, int jobs) {}

  /** A job has its result, which is kept. */
  default void finished(JobResult result) {}

  /** There is something to say. */
  default void note(String line) {}
}
