package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.Evaluation;
import org.umwelt.agents.evaluation.EvaluationConfig;
import org.umwelt.agents.evaluation.EvaluationListener;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.envs.dataset.ReplayVerifier;
import org.umwelt.kernels.random.RandomStream;

class EvaluateCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TIMES =
      List.of("frames_per_second", "steps_per_second", "seconds");

  @TempDir private Path folder;

  private CommandLineRun evaluate(String environment, String agent, String... more) {
    List<String> words = new ArrayList<>(List.of("evaluate", "--env", environment));
    words.addAll(List.of("--agent", agent));
    words.addAll(List.of(more));
    return CommandLineRun.of(words.toArray(String[]::new));
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private ObjectNode resultWithoutTimes(String name) throws IOException {
    ObjectNode result = (ObjectNode) JSON.readTree(folder.resolve(name + "/result.json").toFile());
    assertThat(result.remove(TIMES).size()).isPositive();
    return result;
  }

  @Test
  void jsonIsOneObjectWithEveryKeyOfTheContract() throws IOException {
    CommandLineRun run =
        evaluate(
            "test/Walk-v0",
            "random",
            "--episodes",
            "12",
            "--seed",
            "7",
            "--json",
            "--out",
            out("a"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().strip().lines()).hasSize(1);
    JsonNode object = JSON.readTree(run.out());
    assertThat(object.fieldNames())
        .toIterable()
        .contains(
            "env",
            "agent",
            "episodes",
            "mean",
            "std",
            "iqm",
            "iqm_ci95",
            "frames_per_second",
            "run");
    assertThat(object.get("episodes")).hasSize(12);
    for (int i = 0; i < 12; i++) {
      JsonNode episode = object.get("episodes").get(i);
      assertThat(episode.get("seed").asLong()).isEqualTo(RandomStream.deriveSeed(7, i));
      boolean odd = episode.get("length").asInt() % 2 == 1;
      assertThat(episode.get("terminated").asBoolean()).isEqualTo(odd);
      assertThat(episode.get("truncated").asBoolean()).isEqualTo(!odd);
    }
    assertThat(object.get("run").asText()).isEqualTo(out("a"));
    assertThat(object.get("iqm_ci95").get(0).asDouble())
        .isLessThanOrEqualTo(object.get("iqm").asDouble());
  }

  @Test
  void tableShowsTheStatisticsAndWhereTheRunIs() {
    CommandLineRun run =
        evaluate("test/Walk-v0?length=4", "repeat:1", "--episodes", "5", "--out", out("a"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("IQM", "95% interval", "mean 4, from 4 to 4 steps", out("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "noop", "repeat:3"})
  void resultDoesNotDependOnTheNumberOfWorkers(String agent) throws IOException {
    List<ObjectNode> results = new ArrayList<>();
    for (String workers : List.of("1", "2", "5")) {
      CommandLineRun run =
          evaluate(
              "test/Walk-v0",
              agent,
              "--episodes",
              "24",
              "--seed",
              "3",
              "--workers",
              workers,
              "--out",
              out(workers));
      assertThat(run.exitCode()).as(run.err()).isZero();
      results.add(resultWithoutTimes(workers));
    }
    assertThat(results.get(1).toString()).isEqualTo(results.get(0).toString());
    assertThat(results.get(2).toString()).isEqualTo(results.get(0).toString());
  }

  @Test
  void runFolderIsComplete() throws IOException {
    evaluate("test/Walk-v0", "random", "--episodes", "3", "--seed", "1", "--out", out("a"));
    Path run = folder.resolve("a");
    JsonNode config = JSON.readTree(run.resolve("config.json").toFile());
    assertThat(config.get("env").asText()).isEqualTo("test/Walk-v0");
    assertThat(config.get("record").asText()).isEqualTo("all");
    JsonNode session = JSON.readTree(run.resolve("provenance.json").toFile()).at("/sessions/0");
    assertThat(session.get("command").toString())
        .startsWith("[\"umwelt\",\"evaluate\",\"--env\",\"test/Walk-v0\"");
    assertThat(session.get("java").asText()).startsWith("25");
    assertThat(session.get("libraries").toString()).contains("picocli-");
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(3);
    assertThat(run.resolve("episodes/eval-v0")).isDirectory();
    try (Stream<Path> files = Files.list(run)) {
      assertThat(files.filter(file -> file.getFileName().toString().contains("tfevents")))
          .hasSize(1);
    }
  }

  @Test
  void actionsAreCarriedOnAcrossEpisodesByOneWorker() throws IOException {
    // Three steps an episode, four actions: 0 1 2 | 3 0 1 | 2 3 0 | 1 2 3.
    Path actions = folder.resolve("actions.txt");
    Files.writeString(actions, "0\n\n1 # right\n  2\n# a comment\n3\n");
    CommandLineRun run =
        evaluate(
            "test/Walk-v0?length=3",
            "actions:" + actions,
            "--episodes",
            "4",
            "--seed",
            "2",
            "--workers",
            "3",
            "--out",
            out("a"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err().lines())
        .filteredOn(line -> line.contains("one worker runs them in order"))
        .hasSize(1);
    // The reward of a step is the action plus noise in [0, 1) that is the same for noop.
    evaluate(
        "test/Walk-v0?length=3", "noop", "--episodes", "4", "--seed", "2", "--out", out("noop"));
    JsonNode played = resultWithoutTimes("a").get("episodes");
    JsonNode noise = resultWithoutTimes("noop").get("episodes");
    List<Long> actionSums = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      double difference =
          played.get(i).get("return").asDouble() - noise.get(i).get("return").asDouble();
      actionSums.add(Math.round(difference));
    }
    assertThat(actionSums).containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void failingEpisodeIsNamedAndFinishedOnesAreKeptAndTheRestCanBeTriedAgain() throws IOException {
    String environment = "test/Walk-v0?length=5&fail=" + RandomStream.deriveSeed(4, 6);
    CommandLineRun run =
        evaluate(
            environment,
            "noop",
            "--episodes",
            "10",
            "--seed",
            "4",
            "--workers",
            "1",
            "--out",
            out("a"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("episode 6 (seed " + RandomStream.deriveSeed(4, 6) + ")", "the walker fell")
        .contains("--resume")
        .doesNotContain("\tat ");
    assertThat(Files.readAllLines(folder.resolve("a/metrics.jsonl"))).hasSize(6);
    assertThat(folder.resolve("a/result.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "none"})
  void resumedRunHasTheResultOfAnUninterruptedOne(String record) throws IOException {
    Path actions = Files.writeString(folder.resolve("actions.txt"), "0\n1\n2\n3\n4\n1\n2\n");
    for (String agent : List.of("random", "actions:" + actions)) {
      String whole = "whole" + agent.length();
      String cut = "cut" + agent.length();
      String[] common = {"--episodes", "30", "--seed", "9", "--record", record, "--out"};
      assertThat(evaluate("test/Walk-v0", agent, with(common, out(whole))).exitCode()).isZero();
      boolean recorded = record.equals("all");
      stopAfter(
          11, new EvaluationConfig("test/Walk-v0", agent, 30, 9, recorded), Path.of(out(cut)));
      tear(Path.of(out(cut), "metrics.jsonl"), recorded);
      CommandLineRun resumed = evaluate("test/Walk-v0", agent, with(common, out(cut), "--resume"));
      assertThat(resumed.exitCode()).as(resumed.err()).isZero();
      assertThat(resumed.err()).contains("11 of 30 episodes are finished");
      assertThat(resultWithoutTimes(cut).toString())
          .isEqualTo(resultWithoutTimes(whole).toString());
      assertThat(Files.readAllLines(Path.of(out(cut), "metrics.jsonl"))).hasSize(30);
    }
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  private static void stopAfter(int episodes, EvaluationConfig config, Path out)
      throws IOException {
    try (Evaluation evaluation = new Evaluation(config);
        RunFolder run =
            RunFolder.create(
                out, evaluation.configJson(), Provenance.now(List.of(), config.seed(), 1))) {
      AtomicInteger finished = new AtomicInteger();
      EvaluationListener stop =
          new EvaluationListener() {
            @Override
            public void finished(EpisodeResult episode) {
              if (finished.incrementAndGet() == episodes) {
                evaluation.stop();
              }
            }
          };
      assertThat(evaluation.run(run, 1, stop)).isEmpty();
    }
  }

  /** Leaves the metrics as a killed process may: the last line torn, and lines of steps missing. */
  private static void tear(Path metrics, boolean recorded) throws IOException {
    List<String> lines = Files.readAllLines(metrics);
    assertThat(lines).hasSize(11);
    Files.writeString(
        metrics,
        String.join("\n", recorded ? lines.subList(0, 6) : lines) + "\n{\"episode\":12,\"wa");
  }

  @ParameterizedTest
  @ValueSource(strings = {"test/Walk-v0", "umwelt/Catch-v0?balls=1"})
  void recordedEpisodesAreThoseOfTheResultAndSimulateAgain(String environment) throws IOException {
    CommandLineRun run =
        evaluate(environment, "random", "--episodes", "5", "--seed", "6", "--out", out("a"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode episodes = resultWithoutTimes("a").get("episodes");
    try (Dataset dataset = Dataset.open(folder.resolve("a/episodes/eval-v0"))) {
      assertThat(dataset.losses()).isEmpty();
      assertThat(dataset.episodes()).hasSize(5);
      for (int i = 0; i < 5; i++) {
        EpisodeSummary summary = dataset.episodes().get(i);
        assertThat(summary.seed()).isEqualTo(episodes.get(i).get("seed").asLong());
        assertThat(summary.totalReward()).isEqualTo(episodes.get(i).get("return").asDouble());
        assertThat(summary.frames()).isEqualTo(episodes.get(i).get("frames").asLong());
      }
      assertThat(ReplayVerifier.verify(dataset))
          .hasSize(5)
          .allMatch(verdict -> verdict instanceof ReplayVerifier.Agreement);
    }
  }

  @Test
  void resumeWithAnotherConfigurationNamesTheKey() throws IOException {
    evaluate("test/Walk-v0", "random", "--episodes", "3", "--seed", "1", "--out", out("a"));
    List<String> before = contents();
    CommandLineRun run =
        evaluate(
            "test/Walk-v0",
            "random",
            "--episodes",
            "3",
            "--seed",
            "2",
            "--out",
            out("a"),
            "--resume");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains("seed is 1", "2");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void resumeOverADamagedLogChangesNothing() throws IOException {
    String[] words = {"--episodes", "3", "--seed", "1", "--out", out("a")};
    evaluate("test/Walk-v0", "random", words);
    Path log = Path.of(out("a"), "metrics.jsonl");
    Files.writeString(log, "{\"epis\n", StandardOpenOption.APPEND);
    byte[] provenance = Files.readAllBytes(Path.of(out("a"), "provenance.json"));
    List<String> before = contents();

    CommandLineRun run = evaluate("test/Walk-v0", "random", with(words, "--resume"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains("metrics.jsonl:4");
    assertThat(contents()).isEqualTo(before);
    assertThat(Path.of(out("a"), "provenance.json")).hasBinaryContent(provenance);
  }

  @Test
  void resumeOfACompleteRunReportsIt() throws IOException {
    String[] words = {"--episodes", "3", "--json", "--out", out("a")};
    JsonNode first = JSON.readTree(evaluate("test/Walk-v0", "random", words).out());
    CommandLineRun again = evaluate("test/Walk-v0", "random", with(words, "--resume"));
    assertThat(again.exitCode()).as(again.err()).isZero();
    ObjectNode second = (ObjectNode) JSON.readTree(again.out());
    assertThat(second.get("frames_per_second").isNull()).isTrue();
    assertThat(second.remove(TIMES)).isEqualTo(((ObjectNode) first).remove(TIMES));
  }

  @Test
  void resumeWhereNothingWasStartedRunsAll() {
    CommandLineRun run =
        evaluate("test/Walk-v0", "noop", "--episodes", "2", "--out", out("new"), "--resume");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("nothing to go on with");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test/Wolk-v0 | random | --episodes=3 | did you mean test/Walk-v0?",
        "test/Walk-v0?lenth=3 | random | --episodes=3 | did you mean length?",
        "test/Walk-v0 | rondom | --episodes=3 | did you mean random?",
        "test/Walk-v0 | repeat:9 | --episodes=3 | agent repeat:9: expected an action of Discrete(5)",
        "test/Walk-v0 | repeat | --episodes=3 | repeat:<k>",
        "test/Walk-v0 | random:3 | --episodes=3 | expected random, got random:3",
        "test/Walk-v0 | pom.xml | --episodes=3 | holds no agent",
        "test/Walk-v0 | actions:absent.txt | --episodes=3 | absent.txt",
        "test/Walk-v0 | random | --episodes=0 | --episodes of at least 1, got 0",
        "test/Walk-v0 | random | --episodes=-1 | --episodes of at least 1, got -1",
        "test/Walk-v0 | random | --episodes=many | many",
        "test/Walk-v0 | random | --episodes=3 --workers=0 | --workers of at least 1, got 0",
        "test/Walk-v0 | random | --episodes=3 --seed=-1 | --seed of at least 0, got -1",
        "test/Walk-v0 | random | --episodes=3 --record=some | some",
        "test/Walk-v0 | random | --episodes=3 --wrokers=2 | did you mean --workers?",
        "test/Walk-v0 | random | --seed=3 | --episodes",
      })
  void badRequestsSayWhatIsWrongInOneLineAndWriteNothing(
      String environment, String agent, String options, String expected) throws IOException {
    CommandLineRun run =
        evaluate(environment, agent, with(options.split(" "), "--out", out("a/b")));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains(expected);
    assertThat(run.out()).isEmpty();
    assertThat(contents()).isEmpty();
  }

  @Test
  void illegalActionInAFileIsNamedWithItsLine() throws IOException {
    Path actions = Files.writeString(folder.resolve("actions.txt"), "0\n# then\n7\n");
    CommandLineRun run =
        evaluate("test/Walk-v0", "actions:" + actions, "--episodes", "1", "--out", out("a"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(actions + ":3: expected an action of Discrete(5), got \"7\"");
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void folderThatHoldsSomethingIsNotTouched() throws IOException {
    Files.createDirectory(folder.resolve("a"));
    Files.writeString(folder.resolve("a/thesis.tex"), "years of work");
    List<String> before = contents();
    CommandLineRun run = evaluate("test/Walk-v0", "random", "--episodes", "1", "--out", out("a"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is not empty");
    assertThat(
            evaluate("test/Walk-v0", "random", "--episodes", "1", "--out", out("a"), "--resume")
                .exitCode())
        .isEqualTo(2);
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void folderThatCannotBeMadeIsRefused() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    for (String path : List.of("file", "file/below", "file/far/below")) {
      CommandLineRun run =
          evaluate("test/Walk-v0", "random", "--episodes", "1", "--out", out(path));
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err().lines()).hasSize(1);
    }
    assertThat(contents()).containsExactly("file");
  }

  private List<String> contents() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
