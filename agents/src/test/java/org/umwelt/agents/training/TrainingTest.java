package org.umwelt.agents.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

class TrainingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Experiment LINE = new LinearRegression();

  @TempDir private Path folder;
  private Path run;

  @BeforeEach
  void nameTheRun() {
    run = folder.resolve("run");
  }

  private Optional<ObjectNode> train(
      Path path, int every, Map<String, String> given, TrainingListener listener)
      throws IOException {
    Settings settings = new Settings("test-line", LINE.settings(), given);
    ObjectNode config = Training.configJson(LINE, settings);
    try (Training training = new Training(LINE, settings, path);
        RunFolder folder =
            Files.exists(path)
                ? RunFolder.reopen(path, config, Provenance.now(List.of()))
                : RunFolder.create(path, config, Provenance.now(List.of()))) {
      return training.run(
          folder,
          every,
          listener == STOP_AT_4
              ? new TrainingListener() {
                @Override
                public void progress(int epoch, String phase, long done, long total) {
                  if (epoch == 4 && done == 2) {
                    training.stop();
                  }
                }
              }
              : listener);
    }
  }

  private static final TrainingListener STOP_AT_4 = new TrainingListener() {};

  private static ObjectNode withoutTimes(ObjectNode node) {
    return node.deepCopy().without(List.of("wall", "seconds"));
  }

  private static List<ObjectNode> metrics(Path run) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      lines.add(withoutTimes((ObjectNode) JSON.readTree(line)));
    }
    return lines;
  }

  /** Compares all that a training leaves with what an undisturbed one leaves. */
  private void assertSameAsUndisturbed(ObjectNode result) throws IOException {
    Path whole = folder.resolve("whole");
    ObjectNode expected = train(whole, 1, Map.of(), TrainingListener.NONE).orElseThrow();
    assertThat(withoutTimes(result).toString()).isEqualTo(withoutTimes(expected).toString());
    assertThat(metrics(run)).isEqualTo(metrics(whole));
    for (String file : List.of("points.bin", "checkpoints/epoch-000006/state.bin")) {
      assertThat(run.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    // Wall times have a fixed length, so equal sizes mean that no event is missing or there twice.
    for (String events : List.of(".", "images")) {
      assertThat(eventBytes(run.resolve(events))).isEqualTo(eventBytes(whole.resolve(events)));
    }
  }

  private static long eventBytes(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> events = files.filter(file -> file.toString().contains("tfevents")).toList();
      assertThat(events).hasSize(1);
      return Files.size(events.getFirst());
    }
  }

  private static List<Integer> epochs(Path run) throws IOException {
    return new Checkpoints(run).all().stream().map(Checkpoint::epoch).toList();
  }

  @Test
  void epochIsALineAndTheResultHoldsTheLastScalars() throws IOException {
    ObjectNode result = train(run, 1, Map.of(), TrainingListener.NONE).orElseThrow();
    List<ObjectNode> lines = metrics(run);
    assertThat(lines).hasSize(6);
    assertThat(lines.get(1).fieldNames())
        .toIterable()
        .containsExactly("epoch", "loss/mean", "weights/slope", "loss/absent");
    assertThat(lines.get(1).get("loss/absent").isNull()).isTrue();
    assertThat(result.at("/scalars/weights~1slope")).isEqualTo(lines.get(5).get("weights/slope"));
    assertThat(result.get("slope")).isEqualTo(lines.get(5).get("weights/slope"));
    assertThat(result.get("epochs").asInt()).isEqualTo(6);
    assertThat(JSON.readTree(run.resolve("result.json").toFile()).toString())
        .isEqualTo(result.toString());
    assertThat(epochs(run)).containsExactly(5, 6);
  }

  @Test
  void configurationHoldsEverySettingWithItsType() {
    Settings settings =
        new Settings("test-line", LINE.settings(), Map.of("sgd.rate", "5e-2", "remark", "1"));
    assertThat(Training.configJson(LINE, settings).toString())
        .isEqualTo(
            "{\"kind\":\"training\",\"experiment\":\"test-line\",\"epochs\":6,\"seed\":0,"
                + "\"sgd.rate\":0.05,\"sgd.steps\":4,\"data.noise\":0.125,\"data.centred\":true,"
                + "\"warmup\":2,\"pause\":0,\"fail\":\"none\",\"fail_epoch\":3,\"remark\":\"1\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void stoppedInTheMiddleOfAnEpochGoesOnToTheSameResult(int every) throws IOException {
    assertThat(train(run, every, Map.of(), STOP_AT_4)).isEmpty();
    assertThat(metrics(run)).hasSize(3);
    List<Integer> kept = every == 1 ? List.of(2, 3) : every == 2 ? List.of(2) : List.of();
    assertThat(epochs(run)).isEqualTo(kept);
    List<Integer> started = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void started(int finishedBefore, RemainingTime remaining) {
            started.add(finishedBefore);
          }
        };
    assertSameAsUndisturbed(train(run, every, Map.of(), listener).orElseThrow());
    assertThat(started).containsExactly(kept.isEmpty() ? 0 : kept.getLast());
  }

  @Test
  void lineThatDidNotSurviveItsCheckpointMeansTheCheckpointBefore() throws IOException {
    assertThat(train(run, 1, Map.of(), STOP_AT_4)).isEmpty();
    Path metrics = run.resolve("metrics.jsonl");
    String lines = Files.readString(metrics);
    Files.writeString(metrics, lines.substring(0, lines.length() - 9)); // the third is torn
    assertSameAsUndisturbed(train(run, 1, Map.of(), TrainingListener.NONE).orElseThrow());
  }

  @Test
  void checkpointThatDidNotSurviveItsLineIsMadeAgain() throws IOException {
    assertThat(train(run, 1, Map.of(), STOP_AT_4)).isEmpty();
    Path third = run.resolve("checkpoints/epoch-000003");
    Files.move(third, third.resolveSibling("epoch-000003.partial"));
    Files.writeString(
        run.resolve("metrics.jsonl"),
        Files.readString(run.resolve("metrics.jsonl")) + "{\"epoch\":4,\"wall\":1,\"x\":2}\n{\"ep");
    assertSameAsUndisturbed(train(run, 1, Map.of(), TrainingListener.NONE).orElseThrow());
  }

  @Test
  void linesThatAreGoneBehindEveryCheckpointAreAskedForAndNothingIsChanged() throws IOException {
    assertThat(train(run, 1, Map.of(), STOP_AT_4)).isEmpty();
    Files.writeString(run.resolve("metrics.jsonl"), "");
    assertThatThrownBy(() -> train(run, 1, Map.of(), TrainingListener.NONE))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("lines of epochs 1 to 3")
        .hasMessageContaining("got 0");
    assertThat(epochs(run)).containsExactly(2, 3);
  }

  @Test
  void damagedCheckpointIsNamedAndCanBeMovedAway() throws IOException {
    assertThat(train(run, 1, Map.of(), STOP_AT_4)).isEmpty();
    Path third = run.resolve("checkpoints/epoch-000003");
    Files.write(third.resolve("state.bin"), new byte[5]);
    assertThatThrownBy(() -> train(run, 1, Map.of(), TrainingListener.NONE))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("epoch-000003")
        .hasMessageContaining("move it away");
    assertThat(metrics(run)).hasSize(3);
    Files.move(third, folder.resolve("moved"));
    assertSameAsUndisturbed(train(run, 1, Map.of(), TrainingListener.NONE).orElseThrow());
  }

  @Test
  void failureIsNamedWithItsEpochAndTheCheckpointBeforeIsKept() {
    for (String how : List.of("throw", "save")) {
      Path path = folder.resolve(how);
      assertThatThrownBy(() -> train(path, 1, Map.of("fail", how), TrainingListener.NONE))
          .isInstanceOf(EpochFailedException.class)
          .hasMessage("epoch 3 failed: java.io.IOException: No space left on device");
      assertThat(path.resolve("checkpoints").toFile().list())
          .containsExactlyInAnyOrder("epoch-000001", "epoch-000002");
    }
  }

  @Test
  void secondValueOfATagAndTagsOfTheLineItselfAreRefused() {
    EpochRecord record = new EpochRecord(7, TrainingListener.NONE, () -> false);
    record.scalar("loss", 1);
    assertThatThrownBy(() -> record.scalar("loss", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("loss in epoch 7");
    assertThatThrownBy(() -> record.scalar("epoch", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
