package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.jobs.JobResult;
import org.umwelt.agents.suites.SuiteListener;

/** Says on stderr how far a suite is. */
final class SuiteProgress implements SuiteListener, AutoCloseable {
  private final PrintWriter err;
  private final boolean quiet;
  private @Nullable Progress progress;
  private long finished;
  private long failed;
  private long start;

  SuiteProgress(PrintWriter err, boolean quiet) {
    this.err = err;
    this.quiet = quiet;
  }

  @Override
  public void started(int finishedBefore, int jobs) {
    start = System.nanoTime();
    if (finishedBefore > 0) {
      note("%d of %d jobs are finished".formatted(finishedBefore, jobs));
    }
    if (!quiet) {
      progress = new Progress("evaluate", "jobs", finishedBefore, jobs, err);
    }
  }

  @Override
  public void finished(JobResult result) {
    finished++;
    failed += result.isFailed() ? 1 : 0;
    if (progress != null) {
      progress.add(1, this::state);
    }
  }

  private String state() {
    String rate =
        String.format(Locale.ROOT, "%.3g jobs/s", finished * 1e9 / (System.nanoTime() - start));
    return failed == 0 ? rate : rate + ", %d failed".formatted(failed);
  }

  @Override
  public void note(String line) {
    if (!quiet) {
      err.println("evaluate: " + line);
    }
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
