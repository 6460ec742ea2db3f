package org.umwelt.agents.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.umwelt.agents.report.Report.AgentReport;
import org.umwelt.agents.report.Report.Estimate;
import org.umwelt.kernels.files.AtomicFile;

/**
 * A report as tables: {@code scores}, one row per run; {@code figures} and {@code profiles} by
 * agent; {@code improvements} by pair of agents. Each as CSV and as Parquet.
 */
final class ReportTables {
  private ReportTables() {}

  /** Writes the tables into a folder, in place of those that are there. */
  static void write(Report report, ScoreScale scale, Path folder) throws IOException {
    write(
        folder,
        "scores",
        Stream.concat(
            Stream.of(List.of("env", "agent", "seed", "episodes", "mean_return", "score", "run")),
            report.runs().stream()
                .map(run ->
                    List.of(
                        run.environment(),
                        run.agent(),
                        Long.toString(run.seed()),
                        Integer.toString(run.returns().length),
                        Double.toString(run.mean()),
                        text(scale.of(run.environment(), run.mean())),
                        run.run().toString()))));
    write(
        folder,
        "figures",
        Stream.concat(
            Stream.of(List.of("agent", "figure", "value", "low", "high", "unit")),
            report.agents().stream()
                .flatMap(agent ->
                    agent.figures().entrySet().stream()
                        .map(figure ->
                            row(
                                List.of(agent.name(), figure.getKey()),
                                figure.getValue(),
                                List.of(agent.unit()))))));
    write(
        folder,
        "profiles",
        Stream.concat(
            Stream.of(List.of("agent", "threshold", "share", "low", "high")),
            report.agents().stream().flatMap(agent -> profile(agent, report.thresholds()))));
    write(
        folder,
        "improvements",
        Stream.concat(
            Stream.of(List.of("better", "than", "probability", "low", "high")),
            report.improvements().stream()
                .map(each ->
                    row(List.of(each.better(), each.than()), each.probability(), List.of()))));
  }

  private static Stream<List<String>> profile(AgentReport agent, double[] thresholds) {
    return IntStream.range(0, agent.profile().size())
        .mapToObj(i ->
            row(
                List.of(agent.name(), Double.toString(thresholds[i])),
                agent.profile().get(i),
                List.of()));
  }

  private static List<String> row(List<String> before, Estimate estimate, List<String> after) {
    return Stream.of(
            before,
            List.of(
                Double.toString(estimate.value()),
                Double.toString(estimate.interval().low()),
                Double.toString(estimate.interval().high())),
            after)
        .flatMap(List::stream)
        .toList();
  }

  private static String text(OptionalDouble value) {
    return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
  }

  private static void write(Path folder, String name, Stream<List<String>> rows)
      throws IOException {
    Path csv = folder.resolve(name + ".csv");
    String text =
        rows.map(row -> row.stream().map(ReportTables::quoted).collect(Collectors.joining(",")))
            .collect(Collectors.joining("\n", "", "\n"));
    AtomicFile.write(csv, text.getBytes(StandardCharsets.UTF_8));
    parquet(csv, folder.resolve(name + ".parquet"));
  }

  private static String quoted(String value) {
    return value.matches("[^\",\\r\\n]*") ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static void parquet(Path csv, Path parquet) throws IOException {
    Path partial = parquet.resolveSibling(parquet.getFileName() + AtomicFile.PARTIAL_SUFFIX);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (FROM read_csv(%s, header = true, all_varchar = false)) TO %s (FORMAT parquet)"
              .formatted(literal(csv), literal(partial)));
      Files.move(partial, parquet, StandardCopyOption.REPLACE_EXISTING);
    } catch (SQLException e) {
      throw new IOException("cannot write %s: %s".formatted(parquet, e.getMessage()), e);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String literal(Path path) {
    return "'" + path.toString().replace("'", "''") + "'";
  }
}
