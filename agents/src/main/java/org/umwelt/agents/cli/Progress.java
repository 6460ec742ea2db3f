package org.umwelt.agents.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Counts towards a known total on stderr: a bar on a terminal, a line now and then elsewhere, rarer
 * the longer it takes.
 */
final class Progress implements AutoCloseable {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long SHORTEST_PAUSE = 5 * SECOND_NANOS;
  private static final long LONGEST_PAUSE = 300 * SECOND_NANOS;

  /** A line comes when the time so far has grown by one part in this many. */
  private static final int GROWTH = 50;

  private static final String CLEAR_LINE = "\r\033[K";

  private final String task;
  private final String unit;
  private final long total;
  private final PrintWriter err;
  private final @Nullable ProgressBar bar;
  private final long start = System.nanoTime();
  private long done;
  private long lastState = start;

  /**
   * Starts counting, with the time left as the bar sees it: all units take the same time.
   *
   * @param task what is done, such as {@code export}
   * @param unit what is counted, such as {@code frames}
   * @param done how many were done before
   * @param total how many there are
   */
  Progress(String task, String unit, long done, long total, PrintWriter err) {
    this(task, unit, done, total, err, new ProgressBarBuilder());
  }

  /** Starts counting where only the caller knows how much time is left. */
  static Progress withoutEstimate(
      String task, String unit, long done, long total, PrintWriter err) {
    return new Progress(task, unit, done, total, err, new ProgressBarBuilder().hideEta());
  }

  private Progress(
      String task, String unit, long done, long total, PrintWriter err, ProgressBarBuilder bar) {
    this.task = task;
    this.unit = unit;
    this.done = done;
    this.total = total;
    this.err = err;
    // Null where stdin or stdout is no terminal, which depends on the JDK.
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    this.bar =
        terminal
            ? bar.setTaskName(task)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
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
    if (now - lastState < pause(now)) {
      return;
    }
    lastState = now;
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

  private long pause(long now) {
    return bar != null
        ? SECOND_NANOS
        : Math.clamp((now - start) / GROWTH, SHORTEST_PAUSE, LONGEST_PAUSE);
  }

  /** Says a line of its own. */
  void note(String line) {
    // The cursor stands behind the bar, which is drawn again in the next line.
    err.println(bar == null ? line : CLEAR_LINE + line);
    err.flush();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
