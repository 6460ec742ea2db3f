package org.umwelt.agents.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.umwelt.agents.report.Report.Estimate;
import org.umwelt.agents.runs.RunCatalogue;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/** Makes reports from run folders. */
public final class Reports {
  private static final String PAGE = "report.html";

  private final Report report;
  private final ScoreScale scale;
  private final List<String> unread;

  private Reports(Report report, ScoreScale scale, List<String> unread) {
    this.report = report;
    this.scale = scale;
    this.unread = unread;
  }

  /**
   * Reads runs and computes what they say.
   *
   * @param runs folders of runs, or of folders that hold runs; {@code NAME=FOLDER} calls the agent
   *     of all runs in it NAME
   * @param scales {@code ENVIRONMENT=ZERO,ONE}: the returns that count as 0 and 1
   * @param seed of the bootstrap
   * @throws BadRequestException where a folder is not there or holds no finished evaluation
   */
  public static Reports of(List<String> runs, List<String> scales, long seed) throws IOException {
    ScoreScale scale = new ScoreScale(scales);
    List<EvaluatedRun> evaluated = new ArrayList<>();
    List<String> unread = new ArrayList<>();
    for (String word : runs) {
      int equals = word.indexOf('=');
      boolean named = equals > 0 && !Files.exists(Path.of(word));
      String label = named ? word.substring(0, equals) : "";
      Path folder = Path.of(named ? word.substring(equals + 1) : word);
      int before = evaluated.size();
      for (Path run : new RunCatalogue(folder).find()) {
        try {
          evaluated.addAll(EvaluatedRun.read(run, label));
        } catch (IOException e) {
          unread.add(
              "%s: %s"
                  .formatted(run, String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
      }
      if (evaluated.size() == before) {
        throw new BadRequestException(
            "expected finished evaluations in %s, found none%s"
                .formatted(
                    folder, unread.isEmpty() ? "" : " that can be read: " + unread.getLast()));
      }
    }
    return new Reports(Report.of(evaluated, scale, seed), scale, unread);
  }

  /** Returns a line about each run whose result could not be read. */
  public List<String> unread() {
    return unread;
  }

  /** Writes the page and the tables into a folder; returns the page. */
  public Path write(Path folder) throws IOException {
    ReportTables.write(report, scale, folder);
    Path page = folder.resolve(PAGE);
    AtomicFile.write(
        page, new ReportPage(report, scale, folder).html().getBytes(StandardCharsets.UTF_8));
    return page;
  }

  /** Returns the figures as JSON. */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("runs", report.runs().size());
    report.compared().forEach(node.putArray("compared")::add);
    report.leftOut().forEach(node.putArray("left_out")::add);
    var agents = node.putArray("agents");
    report
        .agents()
        .forEach(agent -> {
          ObjectNode one = agents.addObject().put("agent", agent.name()).put("unit", agent.unit());
          agent.figures().forEach((name, estimate) -> write(one.putObject(key(name)), estimate));
        });
    var improvements = node.putArray("improvements");
    report
        .improvements()
        .forEach(each ->
            write(
                improvements.addObject().put("better", each.better()).put("than", each.than()),
                each.probability()));
    return node;
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  private static void write(ObjectNode node, Estimate estimate) {
    node.put("value", estimate.value());
    node.putArray("ci95").add(estimate.interval().low()).add(estimate.interval().high());
  }
}
