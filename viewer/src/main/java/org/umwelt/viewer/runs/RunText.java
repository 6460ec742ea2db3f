package org.umwelt.viewer.runs;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.umwelt.agents.runs.KeyResult;
import org.umwelt.agents.runs.RunSummary;
import org.umwelt.agents.runs.RunSummary.Progress;
import org.umwelt.viewer.plots.Ticks;

/** What runs are as the room writes it. */
final class RunText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;
  private static final int SHOWN_RESULTS = 3;

  private RunText() {}

  /** Returns a run's folder as it is below the root. */
  static String name(Path root, Path run) {
    Path below = run.startsWith(root) ? root.relativize(run) : run;
    return below.toString().isEmpty() ? String.valueOf(run.getFileName()) : below.toString();
  }

  /** Returns what is done of what was asked for, where that is not all. */
  static String progress(Progress progress) {
    String about = progress.estimated() ? "\u2248" : "";
    if (progress.total() < 0 || progress.done() >= progress.total()) {
      return progress.done() == 0 ? "\u2013" : about + progress.done();
    }
    return String.format(
        Locale.ROOT,
        "%s%d / %d  (%.0f %%)",
        about,
        progress.done(),
        progress.total(),
        100 * progress.share());
  }

  /** Returns a number, with its error where that is known. */
  static String value(KeyResult result) {
    return result.text().isEmpty() ? Ticks.number(result.value()) : result.text();
  }

  /** Returns the few best results in one line. */
  static String results(List<KeyResult> results) {
    return results.stream()
        .limit(SHOWN_RESULTS)
        .map(result -> "%s %s".formatted(result.name(), value(result)))
        .collect(Collectors.joining(",  "));
  }

  /** Returns a time of the day here. */
  static String time(Instant time) {
    return TIME.format(time);
  }

  /** Returns a duration in at most two units. */
  static String duration(double seconds) {
    if (Double.isNaN(seconds)) {
      return "\u2013";
    }
    if (seconds < MINUTE) {
      return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
    }
    long whole = Math.round(seconds);
    return seconds < HOUR
        ? "%d min %02d s".formatted(whole / 60, whole % 60)
        : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
  }

  /** Returns everything a filter looks at, in small letters. */
  static String searched(Path root, RunSummary run) {
    return String.join(
            " ",
            name(root, run.path()),
            run.title(),
            run.kind(),
            run.state().toString(),
            run.revision(),
            run.problem(),
            run.seed().isPresent() ? "seed " + run.seed().getAsLong() : "")
        .toLowerCase(Locale.ROOT);
  }
}
