package org.umwelt.agents.report;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.agents.plots.Plot;
import org.umwelt.agents.report.Report.AgentReport;
import org.umwelt.agents.report.Report.Estimate;

/** A report as one HTML page that needs no other file. */
final class ReportPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #d8dee4; --soft: #57606a; --bar: #0072b2; }
      @media (prefers-color-scheme: dark) { :root { --line: #373e47; --soft: #9aa4af; --bar: #56b4e9; } }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.4rem; }
      p, caption { color: var(--soft); max-width: 52rem; } caption { text-align: left; }
      table { border-collapse: collapse; margin: .6rem 0; } th { font-weight: 600; }
      th, td { padding: .28rem .7rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
      th:first-child, td:first-child, .t { text-align: left; } small { color: var(--soft); }
      .wide { overflow-x: auto; } img { max-width: 100%; background: #fff; border-radius: 4px; }
      .track { position: relative; width: 20rem; height: 1.1rem; }
      .track i { position: absolute; top: .2rem; height: .7rem; background: var(--bar); opacity: .35; min-width: 2px; }
      .track b { position: absolute; top: 0; width: 3px; height: 1.1rem; background: var(--bar); }
            .figure { width: 46rem; table-layout: fixed; } .figure th { width: 12%; }
      .figure th:nth-child(1) { width: 24%; } .figure th:nth-child(3) { width: 20%; } .figure th:nth-child(4) { width: 20rem; }
      .figure td:first-child, .figure th:first-child { overflow: hidden; text-overflow: ellipsis; }
      .best { font-weight: 700; } code { font-size: .9em; }
      """;

  private final Report report;
  private final ScoreScale scale;
  private final Path folder;
  private final StringBuilder html = new StringBuilder();

  /**
   * A page.
   *
   * @param folder in which it will stand; links to runs are relative to it
   */
  ReportPage(Report report, ScoreScale scale, Path folder) {
    this.report = report;
    this.scale = scale;
    this.folder = folder;
  }

  String html() throws IOException {
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width\">\n")
        .append("<title>Umwelt report</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head><body>\n<h1>Evaluation report</h1>\n");
    long episodes = report.runs().stream().mapToLong(run -> run.returns().length).sum();
    paragraph(
        "%s, %s, %s, %s."
            .formatted(
                count(report.agents().size(), "agent"),
                count(report.compared().size() + report.leftOut().size(), "environment"),
                count(report.runs().size(), "run"),
                count(episodes, "episode")));
    if (report.compared().isEmpty()) {
      paragraph(
          "No environment has a scale and was played by every agent, so there are no figures over"
              + " environments. --scale ENVIRONMENT=ZERO,ONE names one.");
    } else {
      figures();
      profiles();
      improvements();
    }
    environments();
    runs();
    return html.append("</body></html>\n").toString();
  }

  private void figures() {
    heading("Scores over environments");
    paragraph(
        ("Over %s that have a scale and were played by every agent; 0 is a random player (or the"
                + " lower return named), 1 a human (or the upper). Bars are 95 %% intervals of a"
                + " stratified bootstrap. IQM is the mean of the middle half of all runs, the"
                + " optimality gap how far runs stay below 1; a small one is good.")
            .formatted(count(report.compared().size(), "environment")));
    for (Scores.Named figure : Scores.FIGURES) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (AgentReport agent : report.agents()) {
        Estimate estimate = estimate(agent, figure);
        low = Math.min(low, Math.min(estimate.value(), estimate.interval().low()));
        high = Math.max(high, Math.max(estimate.value(), estimate.interval().high()));
      }
      html.append(
              "<table class=\"figure\"><tr><th>%s</th><th>value</th><th>95 %% interval</th>"
                  .formatted(figure.name()))
          .append(
              "<th class=\"t\">%s to %s</th><th class=\"t\">of</th></tr>\n"
                  .formatted(number(low), number(high)));
      for (AgentReport agent : report.agents()) {
        Estimate estimate = estimate(agent, figure);
        double width = high > low ? high - low : 1;
        html.append(
            "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"t\"><div class=\"track\">%s</div></td><td class=\"t\"><small>%s</small></td></tr>\n"
                .formatted(
                    escaped(agent.name()),
                    number(estimate.value()),
                    interval(estimate),
                    String.format(
                        Locale.ROOT,
                        "<i style=\"left:%.2f%%;width:%.2f%%\"></i><b style=\"left:%.2f%%\"></b>",
                        100 * (estimate.interval().low() - low) / width,
                        100 * (estimate.interval().high() - estimate.interval().low()) / width,
                        100 * (estimate.value() - low) / width),
                    agent.unit()));
      }
      html.append("</table>\n");
    }
    if (report.agents().stream().anyMatch(agent -> agent.unit().equals("episodes"))) {
      paragraph(
          "Agents \"of episodes\" have one run in each environment: their intervals are those of"
              + " the episodes of one trained agent, not of training it again.");
    }
  }

  private static Estimate estimate(AgentReport agent, Scores.Named figure) {
    Estimate estimate = agent.figures().get(figure.name());
    if (estimate == null) {
      throw new IllegalStateException(figure.name());
    }
    return estimate;
  }

  private void profiles() throws IOException {
    heading("Performance profiles");
    paragraph(
        "The share of runs above a score, and its pointwise 95 % interval. A curve above another"
            + " everywhere is better everywhere.");
    double[] thresholds = report.thresholds();
    Plot plot =
        new Plot("", "score", "share of runs above it")
            .between(thresholds[0], thresholds[thresholds.length - 1]);
    for (AgentReport agent : report.agents()) {
      plot.curve(
          agent.name(),
          report.thresholds(),
          agent.profile().stream().mapToDouble(Estimate::value).toArray(),
          agent.profile().stream().mapToDouble(each -> each.interval().low()).toArray(),
          agent.profile().stream().mapToDouble(each -> each.interval().high()).toArray());
    }
    html.append("<img alt=\"Performance profiles\" src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(plot.png()))
        .append("\">\n");
  }

  private void improvements() {
    if (report.improvements().isEmpty()) {
      return;
    }
    heading("Probability of improvement");
    paragraph(
        "How likely a run of the agent on the left scores more than a run of the agent above it in"
            + " the same environment; equal scores count half.");
    List<String> names = report.agents().stream().map(AgentReport::name).toList();
    html.append("<div class=\"wide\"><table><tr><th></th>");
    names.forEach(name -> html.append("<th>").append(escaped(name)).append("</th>"));
    html.append("</tr>\n");
    for (String better : names) {
      html.append("<tr><td>").append(escaped(better)).append("</td>");
      for (String than : names) {
        html.append("<td>");
        report.improvements().stream()
            .filter(each -> each.better().equals(better) && each.than().equals(than))
            .findFirst()
            .ifPresent(each ->
                html.append(number(each.probability().value()))
                    .append(" <small>")
                    .append(interval(each.probability()))
                    .append("</small>"));
        html.append("</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void environments() {
    heading("By environment");
    paragraph(
        "Mean return, and below it the score where the environment has a scale. The best mean is"
            + " bold.");
    SequencedMap<String, Map<String, List<EvaluatedRun>>> rows = new LinkedHashMap<>();
    for (EvaluatedRun run : report.runs()) {
      rows.computeIfAbsent(run.environment(), _ -> new LinkedHashMap<>())
          .computeIfAbsent(run.agent(), _ -> new ArrayList<>())
          .add(run);
    }
    html.append("<div class=\"wide\"><table><tr><th>environment</th>");
    report.agents().forEach(agent -> html.append("<th>%s</th>".formatted(escaped(agent.name()))));
    html.append("</tr>\n");
    rows.forEach((environment, byAgent) -> {
      double best =
          byAgent.values().stream().mapToDouble(ReportPage::mean).max().orElse(Double.NaN);
      html.append("<tr><td>").append(escaped(environment)).append("</td>");
      for (AgentReport agent : report.agents()) {
        List<EvaluatedRun> its = byAgent.get(agent.name());
        if (its == null) {
          html.append("<td>&ndash;</td>");
          continue;
        }
        double mean = mean(its);
        html.append(mean == best && byAgent.size() > 1 ? "<td class=\"best\">" : "<td>")
            .append(number(mean));
        scale
            .of(environment, mean)
            .ifPresent(
                score -> html.append("<br><small>").append(number(score)).append("</small>"));
        html.append("</td>");
      }
      html.append("</tr>\n");
    });
    html.append("</table></div>\n");
  }

  private static double mean(List<EvaluatedRun> runs) {
    return runs.stream().mapToDouble(EvaluatedRun::mean).average().orElseThrow();
  }

  private void runs() {
    heading("Runs");
    html.append("<details")
        .append(report.runs().size() <= 60 ? " open" : "")
        .append("><summary>")
        .append(count(report.runs().size(), "run"))
        .append("</summary>\n<div class=\"wide\"><table><tr><th>environment</th>")
        .append(
            "<th class=\"t\">agent</th><th>seed</th><th>episodes</th><th>mean</th><th>from</th>")
        .append("<th>to</th><th class=\"t\">run</th></tr>\n");
    for (EvaluatedRun run : report.runs()) {
      Path link = relative(run.run());
      html.append(
              "<tr><td>%s</td><td class=\"t\">%s</td>"
                  .formatted(escaped(run.environment()), escaped(run.agent())))
          .append(
              "<td>%d</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td>"
                  .formatted(
                      run.seed(),
                      run.returns().length,
                      number(run.mean()),
                      number(Arrays.stream(run.returns()).min().orElseThrow()),
                      number(Arrays.stream(run.returns()).max().orElseThrow())))
          .append(
              "<td class=\"t\"><a href=\"%s\">%s</a></td></tr>\n"
                  .formatted(address(link), escaped(run.run().toString())));
    }
    html.append("</table></div></details>\n");
    html.append("<p><code>umwelt view RUN</code> shows the episodes of a run.</p>\n");
  }

  private Path relative(Path run) {
    Path here = folder.toAbsolutePath().normalize();
    Path there = run.toAbsolutePath().normalize();
    return here.getRoot() != null && here.getRoot().equals(there.getRoot())
        ? here.relativize(there)
        : there;
  }

  private static String address(Path path) {
    StringBuilder address = new StringBuilder();
    for (Path name : path) {
      if (!address.isEmpty()) {
        address.append('/');
      }
      address.append(
          URLEncoder.encode(name.toString(), StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return address.isEmpty() ? "." : address.toString();
  }

  private void heading(String text) {
    html.append("<h2>").append(escaped(text)).append("</h2>\n");
  }

  private void paragraph(String text) {
    html.append("<p>").append(escaped(text)).append("</p>\n");
  }

  private static String interval(Estimate estimate) {
    return "[%s, %s]"
        .formatted(number(estimate.interval().low()), number(estimate.interval().high()));
  }

  private static String count(long number, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", number, what, number == 1 ? "" : "s");
  }

  /** Returns up to three significant digits of small numbers, all before the point of others. */
  private static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return String.format(Locale.ROOT, "%.0f", value + 0.0);
    }
    int digits = (int) Math.clamp(2 - Math.floor(Math.log10(Math.abs(value))), 0, 4);
    return String.format(Locale.ROOT, "%." + digits + "f", value)
        .replaceAll("(\\.\\d*?)0+$", "$1")
        .replaceAll("\\.$", "");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
