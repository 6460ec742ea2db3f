package org.umwelt.agents.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Counts towards a known total on stderr: a bar on a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {
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
   * @param done how many were done before
   * @param total how many there are
   */
  Progress(String task, String unit, long done, long total, PrintWriter err) {
    this.task = task;
    this.unit = unit;
    this.done = done;
    this.total = total;
    this.err = err;
    // Null where stdin or stdout is no terminal, which depends on the JDK.
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    this.bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .startsFrom(done, Duration.ZERO)
                .clearDisplayOnFinish()
                .build()
            : null;
  }

  /** Counts {@code more}. */
  void add(long more) {
    add(more, () -> "");
  }

  /**
   * Counts {@code more}.
   *
   * @param state what else there is to say, asked for only when it is said
   */
  void add(long more, Supplier<String> state) {
    done += more;
    if (bar != null) {
      bar.stepBy(more);
    }
    long now = System.nanoTime();
    if (now - lastLine < LINE_NANOS) {
      return;
    }
    lastLine = now;
    if (bar != null) {
      bar.setExtraMessage(state.get());
      return;
    }
    String rest = state.get();
    err.println(
        "%s: %,d of %,d %s%s"
            .formatted(task, done, total, unit, rest.isEmpty() ? "" : ", " + rest));
    err.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
