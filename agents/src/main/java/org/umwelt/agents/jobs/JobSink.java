package org.umwelt.agents.jobs;

import java.io.IOException;

/** Receives results as they come, one at a time. */
@FunctionalInterface
public interface JobSink {
  /**
   * Takes a result, which is kept when this returns.
   *
   * @throws IOException where it cannot be kept; no more jobs are started then
   */
  void finished(JobResult result) throws IOException;
}
