package org.umwelt.agents.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.CommandLineProcess;

/** Suites on a stand-alone Spark cluster whose processes are killed. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SparkClusterTest {
  private static final int JOBS = 400;
  private static final int PATIENCE_SECONDS = 240;
  private static final int EXECUTOR_SECONDS = 60;

  private static final String SUITE =
      """
      agents: [random, noop]
      environments: ["test/Walk-v0?length=20&pause=1", "test/Walk-v0?pause=1"]
      seeds: ["1..100"]
      episodes: 2
      """;

  @TempDir private static Path folder;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void start() throws Exception {
    Files.writeString(folder.resolve("suite.yaml"), SUITE);
    WorkerPath.write(folder);
    cluster = new StandaloneCluster(folder, 2);
  }

  @AfterAll
  static void end() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Process evaluate(String out, String engine, String... more) throws IOException {
    ProcessBuilder builder =
        CommandLineProcess.of(
            List.of(
                "evaluate",
                "--suite",
                folder.resolve("suite.yaml").toString(),
                "--out",
                folder.resolve(out).toString(),
                "--engine",
                engine),
            more);
    builder.command().add(1, "-Dumwelt.worker.path=" + folder.resolve("worker.path"));
    builder.command().add(1, "-D%s=%d".formatted(SparkJobRunner.PATIENCE, EXECUTOR_SECONDS));
    return builder.start();
  }

  private static String outputOf(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String result(String out) throws IOException {
    ObjectNode result =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve(out + "/result.json").toFile());
    assertThat(result.path("jobs").asInt()).isEqualTo(JOBS);
    result.remove("seconds");
    List<String> lines = Files.readAllLines(folder.resolve(out + "/jobs.jsonl"));
    assertThat(lines.stream().map(line -> line.replaceFirst(".*\"key\":\"(\\w+)\".*", "$1")))
        .hasSize(JOBS)
        .doesNotHaveDuplicates();
    return result.toString();
  }

  private static void awaitLines(Process driver, String out, int lines) throws Exception {
    Path log = folder.resolve(out + "/jobs.jsonl");
    while (!Files.exists(log) || Files.readAllLines(log).size() < lines) {
      if (!driver.isAlive()) {
        throw new AssertionError("it ended before: " + outputOf(driver));
      }
      Thread.sleep(5);
    }
  }

  private static void assertDone(Process process) throws Exception {
    String output = outputOf(process);
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("400 jobs");
  }

  @Test
  @Order(1)
  void everyEngineGivesTheSameResult() throws Exception {
    assertDone(evaluate("one", "local", "--workers", "1"));
    assertDone(evaluate("two", "local", "--workers", "2"));
    assertDone(evaluate("inside", "spark:local[2]"));
    assertDone(evaluate("cluster", "spark:" + cluster.url()));
    assertThat(List.of(result("two"), result("inside"), result("cluster")))
        .containsOnly(result("one"));
  }

  @Test
  @Order(2)
  void aKilledDriverIsGoneOnWith() throws Exception {
    for (int kill = 1; kill <= 2; kill++) {
      Process killed = evaluate("cut", "spark:" + cluster.url(), "--resume");
      awaitLines(killed, "cut", 100 * kill);
      killed.destroyForcibly();
      killed.waitFor();
      assertThat(folder.resolve("cut/result.json")).doesNotExist();
    }
    Process resumed = evaluate("cut", "spark:" + cluster.url(), "--resume");
    String output = outputOf(resumed);
    assertThat(resumed.exitValue()).as(output).isZero();
    assertThat(output).contains("of 400 jobs are finished");
    assertThat(result("cut")).isEqualTo(result("one"));
  }

  @Test
  @Order(3)
  void aMasterThatIsNotThereIsOneLineAndLeavesNothing() throws Exception {
    Process nowhere = evaluate("nowhere", "spark:spark://127.0.0.1:1");
    String output = outputOf(nowhere);
    assertThat(nowhere.exitValue()).as(output).isEqualTo(1);
    assertThat(output).contains("no Spark master answers at spark://127.0.0.1:1");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  @Order(4)
  void aWorkerKilledWithItsExecutorCostsNothing() throws Exception {
    Process driver = evaluate("half", "spark:" + cluster.url());
    awaitLines(driver, "half", 50);
    cluster.killWorker(0);
    assertDone(driver);
    assertThat(result("half")).isEqualTo(result("one"));
  }

  @Test
  @Order(5)
  void aClusterThatLosesAllItsWorkersIsOneLineAndKeepsWhatIsFinished() throws Exception {
    Process driver = evaluate("lost", "spark:" + cluster.url());
    awaitLines(driver, "lost", 50);
    cluster.killWorker(1);
    String output = outputOf(driver);
    assertThat(driver.exitValue()).as(output).isEqualTo(1);
    assertThat(output)
        .contains("failed; finished jobs are kept in", "--resume")
        .contains("has given no executor for %d s".formatted(EXECUTOR_SECONDS));
    assertDone(evaluate("lost", "local", "--resume"));
    assertThat(result("lost")).isEqualTo(result("one"));
  }
}
