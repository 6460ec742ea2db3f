package org.umwelt.agents.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.EvaluationListener;

/** Says on stderr how far an evaluation is: a bar on a terminal, a line now and then elsewhere. */
final class ProgressReport implements EvaluationListener, AutoCloseable {
  private static final long LINE_NANOS = 5_000_000_000L;

  private final boolean bar;
  private final @Nullable PrintWriter lines;
  private @Nullable ProgressBar progress;
  private int total;
  private int done;
  private int doneBefore;
  private double sum;
  private long frames;
  private long start;
  private long lastLine;

  private ProgressReport(boolean bar, @Nullable PrintWriter lines) {
    this.bar = bar;
    this.lines = lines;
  }

  /** Returns a report that suits where stderr goes. */
  static ProgressReport create(boolean quiet, PrintWriter err) {
    // Null where stdin or stdout is no terminal, which depends on the JDK.
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    return new ProgressReport(terminal && !quiet, terminal || quiet ? null : err);
  }

  @Override
  public void started(int finishedBefore, int episodes) {
    total = episodes;
    done = finishedBefore;
    doneBefore = finishedBefore;
    start = System.nanoTime();
    lastLine = start;
    if (bar) {
      progress =
          new ProgressBarBuilder()
              .setTaskName("evaluate")
              .setInitialMax(episodes)
              .setStyle(ProgressBarStyle.ASCII)
              .startsFrom(finishedBefore, Duration.ZERO)
              .build();
    } else if (lines != null && finishedBefore > 0) {
      lines.println("evaluate: %d of %d episodes are finished".formatted(finishedBefore, episodes));
    }
  }

  @Override
  public void finished(EpisodeResult episode) {
    done++;
    sum += episode.totalReward();
    frames += episode.frames();
    if (progress != null) {
      progress.step();
    }
    long now = System.nanoTime();
    if (now - lastLine < LINE_NANOS) {
      return;
    }
    lastLine = now;
    String state =
        String.format(
            Locale.ROOT,
            "mean return %.4g, %,.0f frames/s",
            sum / (done - doneBefore),
            frames * 1e9 / (now - start));
    if (progress != null) {
      progress.setExtraMessage(state);
    } else if (lines != null) {
      lines.println("evaluate: %d/%d episodes, %s".formatted(done, total, state));
    }
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
