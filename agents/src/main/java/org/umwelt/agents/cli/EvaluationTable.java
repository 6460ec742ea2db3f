package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.EvaluationResult;
import org.umwelt.agents.evaluation.ReturnStatistics;

/** The result of an evaluation for people to read. */
final class EvaluationTable {
  private static final int BINS = 10;
  private static final int BAR_WIDTH = 40;
  private static final int FEWEST_FOR_HISTOGRAM = 5;

  private final EvaluationResult result;
  private final Path run;

  EvaluationTable(EvaluationResult result, Path run) {
    this.result = result;
    this.run = run;
  }

  void print(PrintWriter out) {
    ReturnStatistics returns = result.returns();
    List<EpisodeResult> episodes = result.episodes();
    out.println(
        String.format(
            Locale.ROOT,
            "%s, agent %s, %,d %s from seed %d%n",
            result.config().environment(),
            result.config().agent(),
            episodes.size(),
            episodes.size() == 1 ? "episode" : "episodes",
            result.config().seed()));
    row(
        out,
        "return",
        "mean %s, standard deviation %s, median %s, from %s to %s"
            .formatted(
                number(returns.mean()),
                number(returns.std()),
                number(returns.median()),
                number(returns.min()),
                number(returns.max())));
    row(
        out,
        "IQM",
        "%s, 95%% interval [%s, %s]"
            .formatted(
                number(returns.iqm()),
                number(returns.iqmInterval().low()),
                number(returns.iqmInterval().high())));
    result
        .humanNormalised()
        .ifPresent(
            score -> row(out, "human", number(score) + " (0 is a random player, 1 a human)"));
    IntSummaryStatistics lengths =
        episodes.stream().mapToInt(EpisodeResult::length).summaryStatistics();
    row(
        out,
        "length",
        "mean %s, from %s to %s steps; %s terminated, %s truncated"
            .formatted(
                number(lengths.getAverage()),
                lengths.getMin(),
                lengths.getMax(),
                episodes.stream().filter(EpisodeResult::terminated).count(),
                episodes.stream().filter(EpisodeResult::truncated).count()));
    EvaluationResult.Timing timing = result.timing();
    if (timing.steps() > 0) {
      row(
          out,
          "speed",
          String.format(
              Locale.ROOT,
              "%,.0f frames/s, %,.0f steps/s, %.1f s",
              timing.framesPerSecond(),
              timing.stepsPerSecond(),
              timing.seconds()));
    }
    row(out, "run", run.toString());
    if (episodes.size() >= FEWEST_FOR_HISTOGRAM && returns.max() > returns.min()) {
      histogram(out, episodes, returns.min(), returns.max());
    }
  }

  private static void row(PrintWriter out, String label, String text) {
    out.println("  %-8s%s".formatted(label, text));
  }

  /** Returns up to five significant digits, without trailing zeros. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value)
        .replaceAll("(\\.\\d*?)0+(?=$|e)", "$1")
        .replaceAll("\\.(?=$|e)", "");
  }

  /**
   * Prints how many episodes had which return: bins of equal width, of whole width for whole
   * returns.
   */
  private static void histogram(
      PrintWriter out, List<EpisodeResult> episodes, double min, double max) {
    double width = (max - min) / BINS;
    if (episodes.stream()
        .allMatch(episode -> Math.rint(episode.totalReward()) == episode.totalReward())) {
      width = Math.max(1, Math.ceil((max - min + 1) / BINS));
    }
    int bins = (int) Math.min(BINS, Math.floor((max - min) / width) + 1);
    int[] counts = new int[bins];
    for (EpisodeResult episode : episodes) {
      counts[(int) Math.min(bins - 1, Math.floor((episode.totalReward() - min) / width))]++;
    }
    int most = Arrays.stream(counts).max().orElse(1);
    out.printf("%n  return from  episodes%n");
    for (int bin = 0; bin < bins; bin++) {
      out.println(
          "  %11s  %s %d"
              .formatted(
                  number(min + bin * width),
                  "#".repeat(Math.ceilDiv(counts[bin] * BAR_WIDTH, most)),
                  counts[bin]));
    }
  }
}
