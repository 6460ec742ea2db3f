package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.kernels.random.RandomStream;

/** Evaluations in processes of their own, which are killed. */
@Tag("slow")
class EvaluateProcessTest {
  private static final String ENVIRONMENT = "test/Walk-v0?length=20&pause=2";

  @TempDir private Path folder;

  private Process start(String out, String record, String... more) throws IOException {
    List<String> words =
        List.of(
            "evaluate",
            "--env",
            ENVIRONMENT,
            "--agent",
            "random",
            "--episodes",
            "100",
            "--seed",
            "5",
            "--workers",
            "2",
            "--record",
            record,
            "--out",
            folder.resolve(out).toString());
    return CommandLineProcess.of(words, more).start();
  }

  private String result(String out) throws IOException {
    ObjectNode result =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve(out + "/result.json").toFile());
    result.remove(List.of("frames_per_second", "steps_per_second", "seconds"));
    return result.toString();
  }

  private static void awaitLine(Path metrics) throws Exception {
    while (!Files.exists(metrics) || Files.size(metrics) == 0) {
      Thread.sleep(5);
    }
  }

  private static String outputOf(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "none"})
  void killedAtRandomMomentsAndResumedGivesTheSameResult(String record) throws Exception {
    Process whole = start("whole", record);
    assertThat(outputOf(whole)).contains("IQM");
    assertThat(whole.exitValue()).isZero();

    RandomStream random = new RandomStream(System.nanoTime());
    Path metrics = folder.resolve("cut/metrics.jsonl");
    for (int kill = 0; kill < 3; kill++) {
      Process killed = start("cut", record, "--resume");
      awaitLine(metrics);
      Thread.sleep(random.nextInt(700));
      killed.destroyForcibly();
      killed.waitFor();
      assertThat(folder.resolve("cut/result.json")).doesNotExist();
    }
    long before;
    try (var lines = Files.lines(metrics)) {
      before = lines.count();
    }
    Process resumed = start("cut", record, "--resume");
    String output = outputOf(resumed);
    assertThat(resumed.exitValue()).as(output).isZero();
    assertThat(before).isPositive();
    assertThat(output).contains("of 100 episodes are finished");
    assertThat(result("cut")).isEqualTo(result("whole"));
  }

  @Test
  void interruptedStopsCleanlyAndSaysHowToGoOn() throws Exception {
    Process interrupted = start("cut", "all");
    awaitLine(folder.resolve("cut/metrics.jsonl"));
    new ProcessBuilder("kill", "-INT", Long.toString(interrupted.pid())).start().waitFor();
    String output = outputOf(interrupted);
    assertThat(interrupted.exitValue()).as(output).isEqualTo(130);
    assertThat(output)
        .contains("stopped; finished episodes are kept in", "--resume")
        .contains("umwelt evaluate --env '" + ENVIRONMENT + "'");
    Process resumed = start("cut", "all", "--resume");
    assertThat(outputOf(resumed)).contains("IQM");
    assertThat(resumed.exitValue()).isZero();
  }
}
