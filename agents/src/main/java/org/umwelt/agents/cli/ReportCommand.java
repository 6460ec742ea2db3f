package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.umwelt.agents.report.Reports;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt report}: what evaluations say about agents, as a page and tables. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compare agents over evaluations: one HTML page, and tables as CSV and Parquet.",
      "Mean, median, IQM and optimality gap with stratified bootstrap intervals, performance"
          + " profiles and probabilities of improvement."
    })
final class ReportCommand implements Callable<Integer> {
  private static final List<String> FIGURES = List.of("median", "iqm", "mean", "optimality_gap");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "[NAME=]RUN",
      arity = "1..*",
      description =
          "Run folders, or folders that hold some. NAME is what the agent is called: several"
              + " trainings of one method get the same.")
  private List<String> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the page and the tables; a report that is there is replaced.")
  private Path out;

  @Option(
      names = "--scale",
      paramLabel = "ENV=ZERO,ONE",
      description =
          "Returns that count as 0 and 1 in an environment; the games of Atari 100k have theirs.")
  private List<String> scales = List.of();

  @Option(names = "--seed", paramLabel = "S", description = "Seed of the bootstrap; 0.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new BadRequestException("expected a folder as --out, %s is a file".formatted(out));
    }
    Reports report = Reports.of(runs, scales, seed);
    report
        .unread()
        .forEach(line -> spec.commandLine().getErr().println("umwelt: left out " + line));
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new BadRequestException("cannot make the folder %s (%s)".formatted(out, e), e);
    }
    Path page = report.write(out);
    ObjectNode result = report.toJson();
    result.put("page", page.toString());
    PrintWriter console = spec.commandLine().getOut();
    if (json) {
      console.println(result);
    } else {
      print(result, console);
      console.println("page  " + page);
    }
    return ExitCode.OK;
  }

  private static void print(ObjectNode result, PrintWriter console) {
    List<List<String>> rows = new ArrayList<>();
    if (!result.path("compared").isEmpty()) {
      rows.add(List.of("agent", "median", "IQM", "mean", "optimality gap"));
      for (JsonNode agent : result.path("agents")) {
        List<String> row = new ArrayList<>(List.of(agent.path("agent").asText()));
        for (String figure : FIGURES) {
          JsonNode ends = agent.path(figure).path("ci95");
          row.add(
              String.format(
                  Locale.ROOT,
                  "%.3f [%.3f, %.3f]",
                  agent.path(figure).path("value").asDouble(),
                  ends.path(0).asDouble(),
                  ends.path(1).asDouble()));
        }
        rows.add(row);
      }
      Services.table(console, rows);
    }
    console.println(
        "%d runs; figures over %d environments, %d without a scale or not played by all"
            .formatted(
                result.path("runs").asInt(),
                result.path("compared").size(),
                result.path("left_out").size()));
  }
}
