package org.umwelt.agents.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.IntConsumer;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.umwelt.agents.runs.KeyResult;
import org.umwelt.agents.runs.RunCatalogue;
import org.umwelt.agents.runs.RunSummary;
import org.umwelt.kernels.files.AtomicFile;

/**
 * An index of the runs below a folder, {@code index.duckdb}: made anew from the folders each time,
 * so it may be deleted, and is never the only copy of anything. DuckDB 1.0 and newer open it.
 *
 * <pre>
 * runs         path, kind, experiment, env, agent, seed, state, done, total, started, seconds, revision, problem
 * results      path, name, value, text             the few most telling results of a run
 * evaluations  path, agent, env, seed, episodes, mean_return    one row per agent, environment and seed
 * </pre>
 */
public final class RunIndex {
  /** Name of the file. */
  public static final String FILE = "index.duckdb";

  private static final String CATALOG = "made";
  private static final String SCHEMA = "main";
  private static final List<String> TABLES =
      List.of(
          "runs (path VARCHAR, kind VARCHAR, experiment VARCHAR, env VARCHAR, agent VARCHAR,"
              + " seed BIGINT, state VARCHAR, done BIGINT, total BIGINT, started TIMESTAMP_MS,"
              + " seconds DOUBLE, revision VARCHAR, problem VARCHAR)",
          "results (path VARCHAR, name VARCHAR, value DOUBLE, text VARCHAR)",
          "evaluations (path VARCHAR, agent VARCHAR, env VARCHAR, seed BIGINT, episodes INTEGER,"
              + " mean_return DOUBLE)");

  private RunIndex() {}

  /** How many rows an index has. */
  public record Size(int runs, int evaluations) {}

  /**
   * Makes the index of a folder, in place of one that is there.
   *
   * @param progress told how many runs were read
   */
  public static Size make(Path root, IntConsumer progress) throws IOException {
    RunCatalogue catalogue = new RunCatalogue(root);
    Path file = root.resolve(FILE);
    Path partial = root.resolve(FILE + AtomicFile.PARTIAL_SUFFIX);
    Files.deleteIfExists(partial);
    try {
      Size size = write(catalogue, partial, progress);
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return size;
    } catch (SQLException e) {
      throw new IOException(
          "cannot write %s: %s"
              .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static Size write(RunCatalogue catalogue, Path file, IntConsumer progress)
      throws SQLException, IOException {
    try (DuckDBConnection connection =
            (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "ATTACH '%s' AS %s (STORAGE_VERSION 'v1.0.0')"
              .formatted(file.toString().replace("'", "''"), CATALOG));
      for (String table : TABLES) {
        statement.execute("CREATE TABLE %s.%s.%s".formatted(CATALOG, SCHEMA, table));
      }
      Size size = fill(connection, catalogue, progress);
      statement.execute("DETACH " + CATALOG);
      return size;
    }
  }

  private static Size fill(
      DuckDBConnection connection, RunCatalogue catalogue, IntConsumer progress)
      throws SQLException, IOException {
    int read = 0;
    int evaluated = 0;
    try (DuckDBAppender runs = connection.createAppender(CATALOG, SCHEMA, "runs");
        DuckDBAppender results = connection.createAppender(CATALOG, SCHEMA, "results");
        DuckDBAppender evaluations = connection.createAppender(CATALOG, SCHEMA, "evaluations")) {
      for (Path run : catalogue.find()) {
        String path = catalogue.root().relativize(run).toString();
        RunSummary summary = catalogue.read(run);
        append(runs, path, summary);
        for (KeyResult result : summary.results()) {
          results.beginRow().append(path).append(result.name());
          number(results, result.value()).append(result.text()).endRow();
        }
        if (!summary.hasProblem()) {
          for (EvaluatedRun evaluation : EvaluatedRun.read(run, "")) {
            evaluations
                .beginRow()
                .append(path)
                .append(evaluation.agent())
                .append(evaluation.environment())
                .append(evaluation.seed())
                .append(evaluation.returns().length)
                .append(evaluation.mean())
                .endRow();
            evaluated++;
          }
        }
        progress.accept(++read);
      }
    }
    return new Size(read, evaluated);
  }

  private static void append(DuckDBAppender runs, String path, RunSummary summary)
      throws SQLException {
    runs.beginRow()
        .append(path)
        .append(summary.kind())
        .append(summary.experiment())
        .append(summary.environment())
        .append(summary.agent());
    if (summary.seed().isPresent()) {
      runs.append(summary.seed().getAsLong());
    } else {
      runs.appendNull();
    }
    runs.append(summary.state().toString()).append(summary.progress().done());
    if (summary.progress().total() >= 0) {
      runs.append(summary.progress().total());
    } else {
      runs.appendNull();
    }
    if (summary.started().isPresent()) {
      runs.appendEpochMillis(summary.started().get().toEpochMilli());
    } else {
      runs.appendNull();
    }
    number(runs, summary.seconds()).append(summary.revision()).append(summary.problem()).endRow();
  }

  private static DuckDBAppender number(DuckDBAppender row, double value) throws SQLException {
    return Double.isNaN(value) ? row.appendNull() : row.append(value);
  }
}
