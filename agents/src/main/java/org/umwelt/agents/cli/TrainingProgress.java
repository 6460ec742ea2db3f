package org.umwelt.agents.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.training.RemainingTime;
import org.umwelt.agents.training.TrainingListener;

/** Says on stderr which epoch and phase a run is in, and how much time is left. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final String task;
  private final String epochs;
  private final PrintWriter err;
  private @Nullable Progress progress;
  private @Nullable RemainingTime remaining;
  private long epochStart;

  /**
   * Prepares it.
   *
   * @param task what is done, such as {@code train}
   * @param epochs what its epochs are called
   */
  TrainingProgress(String task, String epochs, PrintWriter err) {
    this.task = task;
    this.epochs = epochs;
    this.err = err;
  }

  @Override
  public void started(int finishedBefore, RemainingTime remaining) {
    this.remaining = remaining;
    epochStart = System.nanoTime();
    if (finishedBefore > 0) {
      err.println(
          "%s: %d of %d %s are finished"
              .formatted(task, finishedBefore, remaining.epochs(), epochs));
    }
    progress = Progress.withoutEstimate(task, epochs, finishedBefore, remaining.epochs(), err);
  }

  @Override
  public void progress(int epoch, String phase, long done, long total) {
    if (progress != null) {
      progress.add(
          0,
          () -> "%s %d %s %,d of %,d, %s".formatted(one(), epoch, phase, done, total, remaining()));
    }
  }

  @Override
  public void note(int epoch, String line) {
    String said = "%s: %s %d: %s".formatted(task, one(), epoch, line);
    if (progress == null) {
      err.println(said);
    } else {
      progress.note(said);
    }
  }

  @Override
  public void finished(int epoch) {
    epochStart = System.nanoTime();
    if (progress != null) {
      progress.add(1, this::remaining);
    }
  }

  private String one() {
    return epochs.substring(0, epochs.length() - 1);
  }

  private String remaining() {
    return remaining == null ? "" : remaining.text((System.nanoTime() - epochStart) / 1e9);
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
