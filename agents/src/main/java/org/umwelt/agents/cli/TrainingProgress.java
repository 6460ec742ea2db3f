package org.umwelt.agents.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.training.RemainingTime;
import org.umwelt.agents.training.TrainingListener;

/** Says on stderr which epoch and phase a training is in, and how much time is left. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
  private final PrintWriter err;
  private @Nullable Progress progress;
  private @Nullable RemainingTime remaining;
  private long epochStart;

  TrainingProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(int finishedBefore, RemainingTime remaining) {
    this.remaining = remaining;
    epochStart = System.nanoTime();
    if (finishedBefore > 0) {
      err.println(
          "train: %d of %d epochs are finished".formatted(finishedBefore, remaining.epochs()));
    }
    progress = Progress.withoutEstimate("train", "epochs", finishedBefore, remaining.epochs(), err);
  }

  @Override
  public void progress(int epoch, String phase, long done, long total) {
    if (progress != null) {
      progress.add(
          0, () -> "epoch %d %s %,d of %,d, %s".formatted(epoch, phase, done, total, remaining()));
    }
  }

  @Override
  public void note(int epoch, String line) {
    String said = "train: epoch %d: %s".formatted(epoch, line);
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
