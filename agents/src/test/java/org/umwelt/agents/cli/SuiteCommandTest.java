package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.kernels.random.RandomStream;

class SuiteCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SUITE =
      """
      agents: [scripted, random]
      environments: ["umwelt/{game}-v0?max_episode_steps=60"]
      games: [GridCatch, Catch]
      seeds: ["1..2"]
      episodes: 3
      episodes_per_job: 2
      """;

  @TempDir private Path folder;

  private String suite(String text) throws IOException {
    Path file = folder.resolve("suite.yaml");
    Files.writeString(file, text);
    return file.toString();
  }

  private CommandLineRun evaluate(String out, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", "--out", path(out)));
    words.addAll(List.of(more));
    if (!words.contains("--workers")) { // a process less to start
      words.addAll(List.of("--workers", "1"));
    }
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private String path(String out) {
    return folder.resolve(out).toString();
  }

  private ObjectNode result(String out) throws IOException {
    ObjectNode result = (ObjectNode) JSON.readTree(folder.resolve(out + "/result.json").toFile());
    assertThat(result.remove("seconds")).isNotNull();
    return result;
  }

  private List<String> log(String out) throws IOException {
    return Files.readAllLines(folder.resolve(out + "/jobs.jsonl"));
  }

  @Test
  void theResultIsThatOfSingleEvaluationsForAnyNumberOfWorkers() throws IOException {
    String suite = suite(SUITE);
    assertThat(evaluate("one", "--suite", suite, "--workers", "1").exitCode()).isZero();
    CommandLineRun two = evaluate("two", "--suite", suite, "--workers", "2", "--json");
    assertThat(two.exitCode()).as(two.err()).isZero();
    assertThat(two.out().strip().lines()).hasSize(1);
    assertThat(result("two")).isEqualTo(result("one"));
    assertThat(JSON.readTree(two.out()).path("failed")).isEmpty();

    JsonNode evaluations = result("one").path("evaluations");
    assertThat(evaluations.findValuesAsText("agent"))
        .containsExactly("random", "random", "scripted", "scripted");
    assertThat(log("one")).hasSize(2 * 2 * 2 * 2);
    for (JsonNode evaluation : evaluations) {
      for (JsonNode seed : evaluation.path("seeds")) {
        CommandLineRun single =
            evaluate(
                "single",
                "--env",
                evaluation.path("env").asText(),
                "--agent",
                evaluation.path("agent").asText(),
                "--episodes",
                "3",
                "--seed",
                seed.path("seed").asText(),
                "--record",
                "none",
                "--json");
        JsonNode expected = JSON.readTree(single.out());
        assertThat(seed.path("mean")).isEqualTo(expected.path("mean"));
        List<JsonNode> returns = expected.path("episodes").findValues("return");
        assertThat(seed.path("returns")).containsExactlyElementsOf(returns);
        deleteRun("single");
      }
    }
  }

  private void deleteRun(String out) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(out))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aSuiteGoesOnAndTakesOverWhatAnotherHasDone() throws IOException {
    String suite = suite(SUITE);
    evaluate("whole", "--suite", suite);
    List<String> lines = log("whole");
    Files.write(folder.resolve("whole/jobs.jsonl"), lines.subList(0, 5));
    Files.move(folder.resolve("whole/result.json"), folder.resolve("whole.json"));

    CommandLineRun resumed = evaluate("whole", "--suite", suite, "--resume");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("5 of 16 jobs are finished");
    assertThat(log("whole")).hasSize(16).startsWith(lines.subList(0, 5).toArray(String[]::new));
    ObjectNode before = (ObjectNode) JSON.readTree(folder.resolve("whole.json").toFile());
    before.remove("seconds");
    assertThat(result("whole")).isEqualTo(before);

    String more = suite(SUITE.replace("1..2", "2..3"));
    CommandLineRun reused = evaluate("more", "--suite", more, "--reuse", path("whole"));
    assertThat(reused.exitCode()).as(reused.err()).isZero();
    assertThat(reused.err()).contains("8 results are taken over from", "8 of 16 jobs are finished");
    assertThat(evaluate("fresh", "--suite", more).exitCode()).isZero();
    assertThat(result("more")).isEqualTo(result("fresh"));
  }

  @Test
  void anotherSuiteDoesNotGoOnInTheFolderOfOne() throws IOException {
    evaluate("run", "--suite", suite(SUITE));
    CommandLineRun other =
        evaluate("run", "--suite", suite(SUITE.replace("1..2", "1..3")), "--resume");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("its seeds is [1,2], now [1,2,3] is asked for");
  }

  @Test
  void resultsOfAnotherAgentInTheSameFileAreDoneAgain() throws IOException {
    Path actions = folder.resolve("actions.txt");
    String suite =
        suite(
            "{agents: 'actions:%s', environments: 'test/Walk-v0?length=2', seeds: 1, episodes: 1}"
                .formatted(actions));
    Files.writeString(actions, "1\n1\n");
    assertThat(evaluate("run", "--suite", suite).exitCode()).isZero();
    double before = result("run").path("evaluations").path(0).path("mean").asDouble();
    Files.writeString(actions, "4\n4\n");
    CommandLineRun again = evaluate("run", "--suite", suite, "--resume");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).contains("1 results of jobs.jsonl do not count");
    double after = result("run").path("evaluations").path(0).path("mean").asDouble();
    assertThat(after - before).isCloseTo(6, within(1e-12)); // three more in each of two steps
    assertThat(log("run")).hasSize(2);
  }

  @Test
  void aFailedJobIsNamedAndTheOthersAreKept() throws IOException {
    long seed = RandomStream.deriveSeed(2, 0);
    String suite =
        suite(
            "{agents: [random, noop], environments: 'test/Walk-v0?length=4&fail=%d', seeds: ['1..3'], episodes: 1}"
                .formatted(seed));
    CommandLineRun run = evaluate("run", "--suite", suite, "--json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("noop in test/Walk-v0", "seed 2, episode 0 failed: the walker fell")
        .contains("2 jobs failed; finished jobs are kept in", "--resume");
    JsonNode object = JSON.readTree(run.out());
    assertThat(object.path("missing").asInt()).isEqualTo(2);
    assertThat(object.path("failed")).hasSize(2);
    assertThat(object.path("jobs").asInt()).isEqualTo(4);
    assertThat(folder.resolve("run/result.json")).doesNotExist();
    CommandLineRun again = evaluate("run", "--suite", suite, "--resume");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err()).contains("4 of 6 jobs are finished");
  }

  @Test
  void oneEvaluationIsSplitIntoJobsByAnEngine() throws IOException {
    String[] words = {
      "--env", "test/Walk-v0", "--agent", "random", "--episodes", "25", "--seed", "3"
    };
    CommandLineRun jobs =
        evaluate(
            "jobs",
            Stream.concat(Stream.of(words), Stream.of("--engine", "local")).toArray(String[]::new));
    assertThat(jobs.exitCode()).as(jobs.err()).isZero();
    assertThat(log("jobs")).hasSize(3);
    evaluate("plain", words);
    JsonNode plain = JSON.readTree(folder.resolve("plain/result.json").toFile());
    JsonNode evaluation = result("jobs").path("evaluations").path(0);
    for (String key : List.of("mean", "std", "iqm", "iqm_ci95", "median", "steps", "frames")) {
      assertThat(evaluation.path(key)).as(key).isEqualTo(plain.path(key));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--engine lokal | unknown engine lokal; did you mean local?",
        "--engine local:4 | expected --engine local, got local:4; --workers says how many",
        "--engine spark:local[2] | Spark is not built in; scripts/umwelt builds it",
        "--workers 0 | expected --workers of at least 1, got 0",
        "--seed 3 | expected --seed to stand in the suite",
        "--record all | jobs keep returns alone",
        "--reuse nowhere | expected results of a suite in nowhere",
      })
  void whatIsAskedWronglyIsRefusedAndNothingIsWritten(String words, String message)
      throws IOException {
    List<String> all = new ArrayList<>(List.of("--suite", suite(SUITE)));
    all.addAll(List.of(words.split(" ", -1)));
    CommandLineRun run = evaluate("run", all.toArray(String[]::new));
    assertThat(run.err()).contains(message);
    assertThat(run.err().strip().lines()).hasSize(1);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scripted, random | scripted, rondom | unknown agent rondom",
        "{game}-v0 | {game}-v9 | unknown environment umwelt/GridCatch-v9",
        "max_episode_steps | max_steps | unknown setting max_steps",
        "episodes_per_job | episode_per_job | did you mean episodes_per_job?",
      })
  void aSuiteThatAsksForWhatIsNotThereIsRefused(String right, String wrong, String message)
      throws IOException {
    CommandLineRun run = evaluate("run", "--suite", suite(SUITE.replace(right, wrong)));
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
