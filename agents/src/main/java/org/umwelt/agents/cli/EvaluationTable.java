package org.umwelt.agents.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
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
            "%s, agent %s, %,d episodes from seed %d%n",
            result.config().environment(),
            result.config().agent(),
            episodes.size(),
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
    if (returns.max() > returns.min()) {
      histogram(out, episodes, returns.min(), returns.max());
    }
  }

  private static void row(PrintWriter out, String label, String text) {
    out.println("  %-8s%s".formatted(label, text));
  }

  /** Returns up to five significant digits, without trailing zeros. */
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.5g", value)
        .replaceAll("(\\.\\d*?)0+(?=$|e)", "$1")
        .replaceAll("\\.(?=$|e)", "");
  }

  private static void histogram(
      PrintWriter out, List<EpisodeResult> episodes, double min, double max) {
    int[] counts = new int[BINS];
    for (EpisodeResult episode : episodes) {
      counts[Math.min(BINS - 1, (int) (BINS * (episode.totalReward() - min) / (max - min)))]++;
    }
    int most = 0;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    out.printf("%n  return from      episodes%n");
    for (int bin = 0; bin < BINS; bin++) {
      int width = Math.ceilDiv(counts[bin] * BAR_WIDTH, most);
      out.println(
          "  %-15s  %s%s"
              .formatted(
                  number(min + bin * (max - min) / BINS),
                  "#".repeat(width),
                  counts[bin] == 0 ? "" : " " + counts[bin]));
    }
  }
}
