package org.umwelt.agents.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.Training;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.agents.training.TrainingListener;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;

/** Whole trainings of tiny models. */
class LanguageTrainingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Experiment EXPERIMENT = new SparseLanguageExperiment();
  private static final Map<String, String> TINY =
      Map.ofEntries(
          Map.entry("length", "64"),
          Map.entry("batch", "6"),
          Map.entry("rows_per_pass", "2"),
          Map.entry("layers", "2"),
          Map.entry("heads", "2"),
          Map.entry("width", "16"),
          Map.entry("buckets", "4"),
          Map.entry("updates", "3"),
          Map.entry("epochs", "3"),
          Map.entry("held_out", "5"));

  @TempDir private Path folder;

  private static Settings settings(String... namesAndValues) {
    Map<String, String> given = new LinkedHashMap<>(TINY);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      given.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Settings("sparse-lm", EXPERIMENT.settings(), given);
  }

  /** Sees a training and may stop it. */
  private abstract static class Watcher implements TrainingListener {
    Runnable stop = () -> {};
  }

  private static Watcher stopping(int inEpoch, long atUpdate) {
    return new Watcher() {
      @Override
      public void progress(int epoch, String phase, long done, long total) {
        if (epoch == inEpoch && phase.equals("updates") && done == atUpdate) {
          stop.run();
        }
      }
    };
  }

  private Optional<ObjectNode> train(Path run, Watcher watcher, String... settings)
      throws IOException {
    Settings values = settings(settings);
    ObjectNode config = Training.configJson(EXPERIMENT, values);
    try (Training training = new Training(EXPERIMENT, values, run);
        RunFolder opened =
            Files.exists(run)
                ? RunFolder.reopen(run, config, Provenance.now(List.of()))
                : RunFolder.create(run, config, Provenance.now(List.of()))) {
      watcher.stop = training::stop;
      return training.run(opened, 1, watcher);
    }
  }

  private Path train(String name, String... settings) throws IOException {
    Path run = folder.resolve(name);
    assertThat(train(run, new Watcher() {}, settings)).isPresent();
    return run;
  }

  private static Path checkpoint(Path run, int epoch) {
    return run.resolve("checkpoints/epoch-%06d".formatted(epoch));
  }

  private static List<ObjectNode> metrics(Path run) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      lines.add(
          node.without(
              List.of(
                  "wall",
                  "seconds",
                  "training/seconds",
                  "training/cpu_seconds",
                  "training/tokens_per_second")));
    }
    return lines;
  }

  private static void assertSameRun(Path found, Path expected, int epochs) throws IOException {
    for (String file : List.of("model.safetensors", "optimiser.safetensors")) {
      assertThat(checkpoint(found, epochs).resolve(file))
          .hasSameBinaryContentAs(checkpoint(expected, epochs).resolve(file));
    }
    assertThat(metrics(found)).isEqualTo(metrics(expected)).hasSize(epochs);
  }

  @ParameterizedTest
  @CsvSource({"hash, false", "hash, true", "drop, true", "dense, false", "libtorch, true"})
  void runsRepeatBitForBitAndAResumedOneIsTheSame(String attention, String checkpointing)
      throws IOException {
    String[] settings = {"attention", attention, "checkpoint", checkpointing};
    Path whole = train("whole", settings);

    Path cut = folder.resolve("cut");
    assertThat(train(cut, stopping(2, 1), settings)).isEmpty();
    assertThat(metrics(cut)).hasSize(1);
    assertThat(train(cut, stopping(3, 0), settings)).isEmpty();
    assertThat(metrics(cut)).hasSize(2);
    assertSameRun(train("cut", settings), whole, 3);
  }

  @Test
  void checkpointingChangesNoBit() throws IOException {
    assertSameRun(train("again", "checkpoint", "true"), train("kept"), 3);
  }

  @Test
  void resumeOfAKilledRunStartsBehindItsLastCheckpoint() throws IOException {
    Path whole = train("whole");
    Path cut = folder.resolve("cut");
    assertThat(train(cut, stopping(3, 0))).isEmpty();
    // What a killed session leaves: a line without its checkpoint, and half a checkpoint.
    Files.writeString(
        cut.resolve("metrics.jsonl"),
        "{\"epoch\":3,\"wall\":1,\"seconds\":1}\n",
        StandardOpenOption.APPEND);
    Files.createDirectories(cut.resolve("checkpoints/epoch-000003.partial"));
    assertSameRun(train("cut"), whole, 3);
  }

  @Test
  void whichTokensAreAnswersIsLearned() throws IOException {
    Path run =
        train(
            "run",
            "attention",
            "dense",
            "length",
            "32",
            "batch",
            "32",
            "rows_per_pass",
            "16",
            "width",
            "32",
            "learning_rate",
            "0.01",
            "updates",
            "20",
            "epochs",
            "2");
    List<ObjectNode> lines = metrics(run);
    assertThat(lines.getLast().get("training/loss").asDouble())
        .isLessThan(lines.getFirst().get("training/loss").asDouble() - 0.5)
        .isLessThan(2.2); // which words are answers is learned first
  }

  @Test
  void everyEpochReportsTrainingAndTest() throws IOException {
    Path run = train("run", "epochs", "1");
    JsonNode line = JSON.readTree(Files.readString(run.resolve("metrics.jsonl")));
    assertThat(line.fieldNames())
        .toIterable()
        .containsExactly(
            "epoch",
            "wall",
            "seconds",
            "training/loss",
            "training/gradient_norm",
            "training/learning_rate",
            "training/seconds",
            "training/cpu_seconds",
            "training/tokens_per_second",
            "held_out/loss",
            "held_out/bits_per_answer",
            "held_out/perplexity",
            "held_out/accuracy");
    double loss = line.get("held_out/loss").asDouble();
    assertThat(Math.exp(loss)).isEqualTo(line.get("held_out/perplexity").asDouble());
    assertThat(line.get("held_out/bits_per_answer").asDouble()).isEqualTo(loss / Math.log(2));
    JsonNode result = JSON.readTree(Files.readString(run.resolve("result.json")));
    assertThat(result.get("attention").asText()).isEqualTo("hash, 4 buckets");
    assertThat(result.get("computed_by").asText()).isNotEmpty();
    assertThat(result.get("data").asText()).contains("by chance 1/8 is right");
  }

  @Test
  void bytesOfAFileAreLearnedAndAnotherFileIsRefusedOnResume() throws IOException {
    Path file = folder.resolve("text");
    Files.writeString(file, "Wo viel Licht ist, ist starker Schatten. ".repeat(100));
    String[] settings = {
      "data", file.toString(), "epochs", "3", "updates", "8", "learning_rate", "0.01"
    };
    Path run = folder.resolve("run");
    assertThat(train(run, stopping(3, 0), settings)).isEmpty();
    String text = Files.readString(file);
    Files.writeString(file, text.replace("Licht", "licht"));
    assertThatThrownBy(() -> train(run, new Watcher() {}, settings))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected the file this training was started with");
    Files.writeString(file, text);
    assertThat(train(run, new Watcher() {}, settings)).isPresent();
    List<ObjectNode> lines = metrics(run);
    assertThat(lines.getLast().get("held_out/bits_per_byte").asDouble())
        .isLessThan(lines.getFirst().get("held_out/bits_per_byte").asDouble() - 0.5);
  }

  @Test
  void trainingThatLeavesTheNumbersStopsAndSaysWhatLedThere() throws IOException {
    Path run = folder.resolve("run");
    assertThat(train(run, stopping(2, 0))).isEmpty();
    Path model = checkpoint(run, 1).resolve("model.safetensors");
    WeightFile whole = Safetensors.read(model);
    SequencedMap<String, StoredTensor> weights = new LinkedHashMap<>(whole.tensors());
    float[] numbers = new float[16];
    numbers[3] = Float.NaN;
    weights.put("ln_f.bias", StoredTensor.of(numbers, 16));
    Safetensors.write(model, new WeightFile(weights, whole.metadata()));

    Path file = run.resolve("diverged.safetensors");
    assertThatThrownBy(() -> train(run, new Watcher() {}))
        .isInstanceOf(DivergedException.class)
        .hasMessageStartingWith("update 3: expected finite numbers, got loss NaN")
        .hasMessageContaining(file.toString());
    WeightFile kept = Safetensors.read(file);
    assertThat(kept.metadata().get("update")).isEqualTo("3");
    assertThat(kept.tensors())
        .hasEntrySatisfying(
            "batch.tokens", tokens -> assertThat(tokens.shape()).containsExactly(6L, 64L));
    assertThat(metrics(run)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "heads, 3, 'expected heads that divide width 16, got 3'",
    "buckets, 7, 'expected an even number of buckets of at least 2, got 7'",
    "length, 15, 'data=recall: expected a length of at least 16, got 15'",
    "data, nothing.txt, 'data: expected recall or a file, there is no file nothing.txt'",
    "attention, flash, 'sparse-lm: attention must be one of dense, hash, drop, libtorch, got flash'",
    "length, 20000, 'sparse-lm: length must be a whole number from 2 to 16384, got 20000'"
  })
  void badSettingsGiveOneLine(String name, String value, String message) {
    assertThatThrownBy(
            () -> EXPERIMENT.start(settings(name, value), new TrainingContext(folder)).close())
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
    assertThat(folder).isEmptyDirectory();
  }
}
