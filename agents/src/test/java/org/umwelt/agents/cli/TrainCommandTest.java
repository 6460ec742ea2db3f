package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private CommandLineRun train(String... words) {
    return CommandLineRun.of(
        Stream.concat(Stream.of("train", "test-line"), Stream.of(words)).toArray(String[]::new));
  }

  private String out(String name) {
    return folder.resolve(name).toString();
  }

  private JsonNode json(String file) throws IOException {
    return JSON.readTree(folder.resolve(file).toFile());
  }

  private List<String> contents() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file) + " " + file.toFile().length())
          .sorted()
          .toList();
    }
  }

  @Test
  void withoutANameEveryExperimentIsListed() throws IOException {
    CommandLineRun run = CommandLineRun.of("train");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("test-line", "a line through noisy points");
    JsonNode list = JSON.readTree(CommandLineRun.of("list", "experiments", "--json").out());
    assertThat(list.get("experiments").toString())
        .contains("{\"name\":\"test-line\",\"summary\":\"a line through noisy points\"}");
  }

  @Test
  void listWithANameShowsTheSettings() {
    CommandLineRun run = CommandLineRun.of("list", "experiments", "test-line");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains(
            "epochs=6 How many epochs. (a whole number from 1 to 1000000)",
            "sgd.rate=0.05 Learning rate. (a number from 0.0 to 10.0)",
            "data.centred=true Whether x comes from [-1, 1) rather than [0, 1). (true or false)");
    CommandLineRun unknown = CommandLineRun.of("list", "experiments", "test-lime");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err().lines())
        .hasSize(1)
        .first()
        .asString()
        .contains("unknown experiment test-lime; did you mean test-line?");
  }

  @Test
  void jsonIsTheResultWithTheRun() throws IOException {
    CommandLineRun run = train("--out", out("a"), "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().strip().lines()).hasSize(1);
    ObjectNode printed = (ObjectNode) JSON.readTree(run.out());
    assertThat(printed.remove("run").asText()).isEqualTo(out("a"));
    assertThat(printed.toString()).isEqualTo(json("a/result.json").toString());
    assertThat(printed.fieldNames())
        .toIterable()
        .containsExactly("experiment", "slope", "offset", "epochs", "scalars", "seconds");
    assertThat(run.err()).contains("train test-line: 2 parameters", "train: epoch 2: slope");
  }

  @Test
  void tableShowsTheScalarsAndWhereTheRunIs() {
    CommandLineRun run = train("--out", out("a"), "--quiet");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("test-line", "weights/slope", "loss/mean", out("a"));
  }

  @Test
  void wordsOverrideTheFileWhichOverridesTheDefaults() throws IOException {
    Path file = folder.resolve("line.yaml");
    Files.writeString(file, "epochs: 3\nsgd: {rate: 1e-2, steps: 7}\nseed: 5\n");
    CommandLineRun run =
        train("--config", file.toString(), "sgd.steps=2", "seed=9", "--out", out("a"));
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode config = json("a/config.json");
    assertThat(config.get("kind").asText()).isEqualTo("training");
    assertThat(config.get("experiment").asText()).isEqualTo("test-line");
    assertThat(config.get("epochs").asInt()).isEqualTo(3);
    assertThat(config.get("sgd.rate").asDouble()).isEqualTo(0.01);
    assertThat(config.get("sgd.steps").asInt()).isEqualTo(2);
    assertThat(config.get("seed").asInt()).isEqualTo(9);
    assertThat(config.get("data.noise").asDouble()).isEqualTo(0.125);
    assertThat(json("a/provenance.json").at("/sessions/0/command/1").asText()).isEqualTo("train");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sgd.stepps=3 | test-line: unknown setting sgd.stepps; did you mean sgd.steps?",
        "sgd.steps=0 | sgd.steps must be a whole number from 1 to 1000, got 0",
        "seed=1 seed=2 | seed is given twice",
        "fail=start | expected a start that does not fail",
        "--checkpoint-every=0 | --checkpoint-every of at least 1, got 0",
        "--config=absent.yaml | absent.yaml",
        "--config=pom.xml | pom.xml",
        "--resum | did you mean --resume?",
      })
  void badRequestsSayWhatIsWrongInOneLineAndWriteNothing(String words, String expected)
      throws IOException {
    CommandLineRun run = train((words + " --out " + out("a/b")).split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains(expected);
    assertThat(run.out()).isEmpty();
    assertThat(contents()).isEmpty();
  }

  @Test
  void unknownKeyOfTheFileNamesTheFile() throws IOException {
    Path file = folder.resolve("line.yaml");
    Files.writeString(file, "sgd:\n  stepps: 3\n");
    CommandLineRun run = train("--config", file.toString(), "--out", out("a"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(file + ": unknown setting sgd.stepps; did you mean sgd.steps?");
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void unknownExperimentSuggestsTheNearest() {
    CommandLineRun run = CommandLineRun.of("train", "test-lime", "--out", out("a"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("unknown experiment test-lime; did you mean test-line?");
  }

  @Test
  void resumeWithOtherSettingsNamesTheKeyAndChangesNothing() throws IOException {
    train("--out", out("a"), "sgd.rate=0.1");
    List<String> before = contents();
    CommandLineRun run = train("--out", out("a"), "sgd.rate=0.2", "--resume");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines())
        .hasSize(1)
        .first()
        .asString()
        .contains("its sgd.rate is 0.1, now 0.2 is asked for");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void sameNumberWrittenOtherwiseIsTheSameSetting() {
    train("--out", out("a"), "sgd.rate=0.0001");
    CommandLineRun run = train("--out", out("a"), "sgd.rate=1e-4", "--resume");
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void resumeOfACompleteRunReportsItAndChangesNothing() throws IOException {
    JsonNode first = JSON.readTree(train("--out", out("a"), "--json").out());
    List<String> before = contents();
    CommandLineRun again = train("--out", out("a"), "--json", "--resume");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(JSON.readTree(again.out()).toString()).isEqualTo(first.toString());
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void resumeWhereNothingWasStartedTrainsFromTheBeginning() {
    CommandLineRun run = train("--out", out("a"), "--resume");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("nothing to go on with");
  }

  @Test
  void folderThatHoldsSomethingIsRefused() throws IOException {
    train("--out", out("a"));
    List<String> before = contents();
    CommandLineRun run = train("--out", out("a"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("is not empty");
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void divergedTrainingSaysSoInOneLineAndExitsWithOne() {
    CommandLineRun run = train("--out", out("a"), "--quiet", "fail=diverge");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("umwelt: loss is NaN in epoch 3; see batch.bin\n");
    assertThat(run.out()).isEmpty();
    assertThat(folder.resolve("a/result.json")).doesNotExist();
  }

  @Test
  void failedEpochIsNamedWithTheCommandThatTriesAgain() {
    CommandLineRun run = train("--out", out("a"), "fail=throw", "remark=it's");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .contains("epoch 3 failed: java.io.IOException: No space left on device")
        .contains("the last checkpoint is " + out("a/checkpoints/epoch-000002"))
        .contains(
            "to try again: umwelt train test-line --out %s fail=throw 'remark=it'\\''s' --resume"
                .formatted(out("a")))
        .doesNotContain("\tat ");
  }
}
