package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine;

final class ReportCommandTest {
  @TempDir private Path folder;

  private final StringWriter said = new StringWriter();

  private int report(String... words) {
    CommandLine line = new CommandLine(new ReportCommand());
    line.setOut(new PrintWriter(said));
    line.setErr(new PrintWriter(said));
    line.setExecutionExceptionHandler((e, _, _) -> {
      assertThat(e).isInstanceOf(BadRequestException.class);
      said.write(String.valueOf(e.getMessage()));
      return 2;
    });
    return line.execute(words);
  }

  private Path run(String name, String agent, String environment, long seed, double... returns)
      throws IOException {
    Path run = Files.createDirectories(folder.resolve("runs").resolve(name));
    StringBuilder episodes = new StringBuilder();
    for (double value : returns) {
      episodes
          .append(episodes.isEmpty() ? "" : ",")
          .append("{\"return\":")
          .append(value)
          .append('}');
    }
    Files.writeString(
        run.resolve("result.json"),
        "{\"env\":\"%s\",\"agent\":\"%s\",\"seed\":%d,\"episodes\":[%s]}"
            .formatted(environment, agent, seed, episodes));
    return run;
  }

  @Test
  void twoAgentsAreComparedOverTwoGames() throws IOException, SQLException {
    run("a1", "a", "ALE/Pong-v5", 1, -20.7, -20.7); // 0
    run("a2", "a", "ALE/Pong-v5", 2, 14.6); // 1
    run("a3", "a", "mine", 1, 30, 10); // 0.5
    run("a4", "a", "mine", 2, 40);
    run("b1", "<b>", "ALE/Pong-v5", 1, 14.6);
    run("b2", "<b>", "mine", 1, 80); // 2
    run("b3", "<b>", "other", 1, 3);
    Path out = folder.resolve("report");
    assertThat(
            report(
                folder.resolve("runs").toString(),
                "--out",
                out.toString(),
                "--scale",
                "mine=0,40",
                "--json"))
        .isZero();
    JsonNode result = new ObjectMapper().readTree(said.toString());
    assertThat(result.path("runs").asInt()).isEqualTo(7);
    assertThat(result.path("compared").toString()).isEqualTo("[\"ALE/Pong-v5\",\"mine\"]");
    assertThat(result.path("left_out").toString()).isEqualTo("[\"other\"]");
    JsonNode b = result.path("agents").path(0);
    JsonNode a = result.path("agents").path(1);
    assertThat(a.path("unit").asText()).isEqualTo("runs");
    assertThat(b.path("unit").asText()).isEqualTo("episodes");
    assertThat(value(a, "mean")).isCloseTo(0.625, within(1e-9)); // (0.5 + 0.75) / 2
    assertThat(value(a, "iqm")).isCloseTo(0.75, within(1e-9)); // of 0, 0.5, 1, 1
    assertThat(value(b, "optimality_gap")).isZero();
    assertThat(value(b, "median")).isCloseTo(1.5, within(1e-9));
    JsonNode improvement = result.path("improvements").path(0);
    assertThat(improvement.path("better").asText()).isEqualTo("<b>");
    assertThat(improvement.path("value").asDouble()).isCloseTo(0.875, within(1e-9)); // (.75 + 1)/2

    String page = Files.readString(out.resolve("report.html"));
    assertThat(page).contains("&lt;b&gt;", "data:image/png;base64,", "../runs/a1");
    assertThat(page).doesNotContain("<b>&", "http");
    try (var database = DriverManager.getConnection("jdbc:duckdb:");
        var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT sum(mean_return), count(*) FROM '%s'"
                    .formatted(out.resolve("scores.parquet")))) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getDouble(1)).isCloseTo(-20.7 + 14.6 + 20 + 40 + 14.6 + 80 + 3, within(1e-9));
      assertThat(rows.getInt(2)).isEqualTo(7);
    }
    assertThat(Files.readAllLines(out.resolve("scores.csv"))).hasSize(8);
  }

  private static double value(JsonNode agent, String figure) {
    return agent.path(figure).path("value").asDouble();
  }

  @Test
  void suitesAreReadAndRunsOfOneMethodAreNamed() throws IOException {
    Path suite = Files.createDirectories(folder.resolve("suite"));
    Files.writeString(
        suite.resolve("result.json"),
        """
        {"suite":"s","evaluations":[{"agent":"random","env":"ALE/Pong-v5",
         "seeds":[{"seed":1,"returns":[-20.7]},{"seed":2,"returns":[-20.7,14.6]}]}]}
        """);
    Path first = run("t1", "runs/one", "ALE/Pong-v5", 1, 14.6);
    Path second = run("t2", "runs/two", "ALE/Pong-v5", 1, 14.6);
    Path out = folder.resolve("report");
    assertThat(
            report(
                suite.toString(),
                "iris=" + first,
                "iris=" + second,
                "--out",
                out.toString(),
                "--json"))
        .isZero();
    JsonNode agents = new ObjectMapper().readTree(said.toString()).path("agents");
    assertThat(agents.path(0).path("agent").asText()).isEqualTo("iris");
    assertThat(value(agents.path(0), "mean")).isCloseTo(1, within(1e-9));
    assertThat(value(agents.path(1), "mean")).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void withoutAScaleThereAreMeansButNoFigures() throws IOException {
    run("a", "a", "mine", 1, 3);
    Path out = folder.resolve("report");
    assertThat(report(folder.toString(), "--out", out.toString())).isZero();
    assertThat(Files.readString(out.resolve("report.html")))
        .contains("--scale ENVIRONMENT=ZERO,ONE");
    assertThat(said.toString()).contains("figures over 0 environments, 1 without a scale");
  }

  @Test
  void aDamagedResultIsLeftOutAndTold() throws IOException {
    run("a", "a", "mine", 1, 3);
    Files.writeString(run("b", "b", "mine", 1, 3).resolve("result.json"), "{\"env\":");
    Path out = folder.resolve("report");
    assertThat(report(folder.toString(), "--out", out.toString())).isZero();
    assertThat(said.toString()).contains("left out " + folder.resolve("runs").resolve("b"));
  }

  @Test
  void badRequestsAreRefusedAndNothingIsWritten() throws IOException {
    Path out = folder.resolve("report");
    assertThat(report(folder.resolve("nowhere").toString(), "--out", out.toString())).isEqualTo(2);
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThat(report(empty.toString(), "--out", out.toString())).isEqualTo(2);
    run("a", "a", "mine", 1, 3);
    for (String scale : Arrays.asList("mine", "mine=1", "mine=1,1", "mine=a,b", "=1,2")) {
      assertThat(report(folder.toString(), "--out", out.toString(), "--scale", scale))
          .as(scale)
          .isEqualTo(2);
    }
    assertThat(out).doesNotExist();
    assertThat(said.toString())
        .contains("there is no " + folder.resolve("nowhere"))
        .contains("expected finished evaluations in " + empty + ", found none");
  }
}
