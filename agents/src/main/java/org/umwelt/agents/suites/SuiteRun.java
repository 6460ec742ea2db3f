package org.umwelt.agents.suites;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.umwelt.agents.jobs.JobLog;
import org.umwelt.agents.jobs.JobResult;
import org.umwelt.agents.jobs.JobRunner;
import org.umwelt.agents.jobs.KeyedJob;
import org.umwelt.agents.runs.RunFolder;

/**
 * Runs the jobs of a suite that have no result yet.
 *
 * <p>Failed jobs are tried again the next time.
 */
public final class SuiteRun {
  private final Suite suite;
  private final SuiteJobs jobs;

  /**
   * Looks up agents and environments.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where one is unknown
   */
  public SuiteRun(Suite suite) {
    this.suite = suite;
    jobs = new SuiteJobs(suite);
  }

  /**
   * How a session ended.
   *
   * @param result of all finished jobs; without a job missing, also in the run folder
   * @param failed the jobs that failed in this session
   * @param missing how many jobs have no episodes
   */
  public record Outcome(SuiteResult result, List<JobResult> failed, int missing) {
    /** Copies the list. */
    public Outcome {
      failed = List.copyOf(failed);
    }
  }

  /**
   * Runs what is missing and writes the result where then nothing is.
   *
   * @param run the suite's folder, open
   * @param others run folders of suites whose results are taken over where the keys agree
   * @throws IOException where results cannot be kept, or the engine fails as a whole
   */
  public Outcome run(RunFolder run, List<Path> others, JobRunner engine, SuiteListener listener)
      throws IOException {
    try (JobLog log = JobLog.open(run.path().resolve(JobLog.NAME))) {
      if (log.damaged() > 0) {
        listener.note(
            "%d damaged lines of %s do not count; their jobs are done again"
                .formatted(log.damaged(), JobLog.NAME));
      }
      for (Path other : others) {
        takeOver(other, log, listener);
      }
      List<KeyedJob> open = jobs.all().stream().filter(job -> !log.isFinished(job.key())).toList();
      int finished = jobs.all().size() - open.size();
      if (log.finished() > finished) {
        listener.note(
            "%d results of %s do not count: they are of other agents, environments or code"
                .formatted(log.finished() - finished, JobLog.NAME));
      }
      listener.started(finished, jobs.all().size());
      List<JobResult> failed = new ArrayList<>();
      long start = System.nanoTime();
      engine.run(
          open,
          result -> {
            log.append(result);
            if (result.isFailed()) {
              failed.add(result);
            }
            listener.finished(result);
          });
      log.force();
      double seconds = (System.nanoTime() - start) / 1e9;
      return outcome(run, log, failed, seconds);
    }
  }

  private Outcome outcome(RunFolder run, JobLog log, List<JobResult> failed, double seconds)
      throws IOException {
    SuiteResult.Builder builder = new SuiteResult.Builder(suite);
    log.read(result -> {
      Suite.Cell cell = jobs.cell(result.key());
      if (cell != null) {
        builder.add(cell, result);
      }
    });
    SuiteResult result = builder.build(seconds);
    int missing = jobs.all().size() - result.jobs();
    if (missing == 0) {
      run.writeResult(result.toJson());
    }
    return new Outcome(result, failed, missing);
  }

  private void takeOver(Path other, JobLog log, SuiteListener listener) throws IOException {
    List<Integer> taken = new ArrayList<>();
    List<IOException> failure = new ArrayList<>();
    JobLog.read(
        other.resolve(JobLog.NAME),
        result -> {
          if (jobs.cell(result.key()) != null
              && !log.isFinished(result.key())
              && failure.isEmpty()) {
            try {
              log.append(result);
              taken.add(1);
            } catch (IOException e) {
              failure.add(e);
            }
          }
        });
    if (!failure.isEmpty()) {
      throw failure.getFirst();
    }
    listener.note("%d results are taken over from %s".formatted(taken.size(), other));
  }
}
