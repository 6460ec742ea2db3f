package org.umwelt.agents.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Counts towards a known total on stderr: a bar on a terminal, a line now and then elsewhere. */
final class StepProgress implements AutoCloseable {
  private static final long LINE_NANOS = 5_000_000_000L;

  private final String task;
  private final String unit;
  private final long total;
  private final PrintWriter err;
  private final @Nullable ProgressBar bar;
  private long done;
  private long lastLine = System.nanoTime();

  /**
   * Starts counting.
   *
   * @param task what is done, such as {@code export}
   * @param unit what is counted, such as {@code frames}
   */
  StepProgress(String task, String unit, long total, PrintWriter err) {
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.err = err;
    this.bar =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .clearDisplayOnFinish()
                .build()
            : null;
  }

  /** Counts {@code steps} more. */
  void add(long steps) {
    done += steps;
    if (bar != null) {
      bar.stepBy(steps);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLine >= LINE_NANOS) {
      lastLine = now;
      err.println("%s: %,d of %,d %s".formatted(task, done, total, unit));
      err.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
