package org.umwelt.agents.jobs;

import java.io.IOException;
import java.util.List;

/**
 * Runs jobs.
 *
 * <p>Every job gets one result, in any order, whether it went well or failed; only what concerns
 * all jobs is an exception. Used by one thread, but for {@link #stop}.
 */
public interface JobRunner extends AutoCloseable {

  /**
   * Runs jobs and returns when each has its result, or soon after {@link #stop}.
   *
   * @param jobs with distinct keys; those of one agent and environment best next to each other
   * @param sink receives every result while the others go on
   * @throws IOException where the sink throws it, or jobs cannot be run at all
   */
  void run(List<KeyedJob> jobs, JobSink sink) throws IOException;

  /** Makes {@link #run} return soon; jobs in progress are dropped. */
  void stop();

  /** Ends what runs the jobs. */
  @Override
  void close();
}
