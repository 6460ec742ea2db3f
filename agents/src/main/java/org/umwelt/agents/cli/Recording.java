package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.kernels.settings.BadRequestException;

/** An opened data set whose losses have been told on stderr. */
final class Recording implements AutoCloseable {
  private final Path path;
  private final Dataset dataset;

  private Recording(Path path, Dataset dataset) {
    this.path = path;
    this.dataset = dataset;
  }

  /** Opens a data set or run folder. */
  static Recording open(Path path, PrintWriter err) {
    Dataset dataset = Dataset.open(path);
    dataset.losses().forEach(loss -> err.println("umwelt: " + loss));
    return new Recording(path, dataset);
  }

  Dataset dataset() {
    return dataset;
  }

  /** Opens an episode, or refuses where there is none of this number. */
  Episode episode(int index) {
    requireEpisode(index);
    return dataset.episode(index);
  }

  /** Refuses the number of an episode that is not there. */
  void requireEpisode(int index) {
    List<Integer> there = dataset.episodes().stream().map(EpisodeSummary::index).toList();
    if (!there.contains(index)) {
      throw new BadRequestException(
          there.isEmpty()
              ? path + " holds no episode"
              : "%s has no episode %d; it has %s".formatted(path, index, listed(there)));
    }
  }

  private static String listed(List<Integer> episodes) {
    int first = episodes.getFirst();
    int last = episodes.getLast();
    return last - first + 1 == episodes.size()
        ? range("episode", first, last)
        : "episodes " + episodes.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Refuses a step outside {@code 0..last}. */
  static int requireStep(String option, int step, int last) {
    if (step < 0 || step > last) {
      throw new BadRequestException(
          "%s %d is outside the episode, which has %s"
              .formatted(option, step, range("step", 0, last)));
    }
    return step;
  }

  private static String range(String what, int first, int last) {
    return first == last
        ? "%s %d only".formatted(what, first)
        : "%ss %d to %d".formatted(what, first, last);
  }

  /** Returns how an episode ended, in one word. */
  static String end(EpisodeSummary episode) {
    if (episode.terminated()) {
      return episode.truncated() ? "terminated, truncated" : "terminated";
    }
    return episode.truncated() ? "truncated" : "cut short";
  }

  /** Returns a sum of rewards as people write it: whole numbers without a point. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  /** Returns bytes in the unit that fits, 1 kB being 1000 B. */
  static String bytes(long bytes) {
    if (bytes < 1000) {
      return bytes + " B";
    }
    double size = bytes;
    String units = "kMGTPE";
    int unit = -1;
    while (size >= 999.5) {
      size /= 1000;
      unit++;
    }
    return String.format(
        Locale.ROOT, size < 10 ? "%.1f %cB" : "%.0f %cB", size, units.charAt(unit));
  }

  @Override
  public void close() {
    dataset.close();
  }
}
