package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.Training;
import org.umwelt.agents.training.TrainingListener;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;

/** Whole trainings of a few small epochs. */
class IrisTrainingTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Experiment DEBUG = new IrisExperiment.Debug();

  @TempDir private Path folder;

  /** Sees a training and may stop it. */
  private abstract static class Watcher implements TrainingListener {
    Runnable stop = () -> {};
  }

  private Optional<ObjectNode> train(Path run, Watcher watcher, String... settings)
      throws IOException {
    Settings values = SmallAgents.settings(settings);
    ObjectNode config = Training.configJson(DEBUG, values);
    try (Training training = new Training(DEBUG, values, run);
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

  private static List<String> metrics(Path run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      lines.add(node.without(List.of("wall", "seconds")).toString());
    }
    return lines;
  }

  private static void assertSameState(Path found, Path expected) {
    for (String file :
        List.of("agent.safetensors", "optimisers.safetensors", "collector.bin", "state.json")) {
      assertThat(found.resolve(file)).hasSameBinaryContentAs(expected.resolve(file));
    }
  }

  private static void assertSameRun(Path found, Path expected, int epochs) throws IOException {
    assertSameState(checkpoint(found, epochs), checkpoint(expected, epochs));
    assertThat(found.resolve("replay.log")).hasSameBinaryContentAs(expected.resolve("replay.log"));
    assertThat(metrics(found)).isEqualTo(metrics(expected)).hasSize(epochs);
  }

  private static boolean sameWeights(Path one, Path other, String prefix) throws IOException {
    Map<String, StoredTensor> first = Safetensors.read(one).tensors();
    Map<String, StoredTensor> second = Safetensors.read(other).tensors();
    return first.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .allMatch(entry ->
            Objects.requireNonNull(second.get(entry.getKey()))
                    .data()
                    .mismatch(entry.getValue().data())
                == -1);
  }

  @Test
  void cachingChangesNothingRunsRepeatBitForBitAndAResumedOneIsTheSame() throws IOException {
    String[] settings = {"epochs", "2"};
    Path whole = train("whole", settings);
    assertSameRun(train("again", settings), whole, 2);
    assertSameRun(train("uncached", "epochs", "2", "cache", "false"), whole, 2);
    assertSameRun(train("few", "epochs", "2", "cache_reconstructions", "3"), whole, 2);

    Path cut = folder.resolve("cut");
    assertThat(train(cut, stopping(2, "actor_critic"), settings)).isEmpty();
    assertThat(metrics(cut)).hasSize(1);
    assertSameRun(train("cut", settings), whole, 2);
  }

  /** Stops at the beginning of a phase; what was done of the epoch is lost. */
  private static Watcher stopping(int inEpoch, String inPhase) {
    return new Watcher() {
      @Override
      public void progress(int epoch, String phase, long done, long total) {
        if (epoch == inEpoch && phase.equals(inPhase)) {
          stop.run();
        }
      }
    };
  }

  @Test
  void oneWorkerRepeatsItselfAndDiffersFromTwoInTheLastDigitsOnly() throws IOException {
    String[] one = {"threads", "1", "epochs", "1"};
    Path first = train("first", one);
    assertSameRun(train("second", one), first, 1);
    Path two = train("two", "threads", "2", "epochs", "1");
    Map<String, StoredTensor> expected =
        Safetensors.read(checkpoint(first, 1).resolve("agent.safetensors")).tensors();
    Safetensors.read(checkpoint(two, 1).resolve("agent.safetensors"))
        .tensors()
        .forEach((name, tensor) -> {
          float[] theirs = Objects.requireNonNull(expected.get(name)).toFloats();
          float[] ours = tensor.toFloats();
          for (int i = 0; i < ours.length; i++) {
            // Adam makes a step of up to the learning rate, 1e-4, of the sign of a rounding error.
            assertThat(Math.abs(ours[i] - theirs[i])).isLessThan(4 * 1e-4f);
          }
        });
  }

  @Test
  void componentsLearnInTheirEpochsOnly() throws IOException {
    Map<Integer, Map<String, Long>> phases = new TreeMap<>();
    Watcher counting =
        new Watcher() {
          @Override
          public void progress(int epoch, String phase, long done, long total) {
            phases.computeIfAbsent(epoch, _ -> new TreeMap<>()).merge(phase, 1L, Long::sum);
          }
        };
    Path run = folder.resolve("run");
    String[] settings = {
      "epochs", "5",
      "collect.first", "12",
      "collect.steps", "7",
      "collect.until", "4",
      "tokenizer.after", "1",
      "tokenizer.updates", "1",
      "world_model.after", "2",
      "world_model.updates", "2",
      "actor_critic.after", "3",
      "actor_critic.updates", "1",
      "evaluate.every", "2",
      "evaluate.episodes", "1"
    };
    ObjectNode result = train(run, counting, settings).orElseThrow();
    assertThat(phases)
        .isEqualTo(
            Map.of(
                1, Map.of("collect", 12L),
                2, Map.of("collect", 7L, "tokenizer", 1L, "evaluate", 1L),
                3, Map.of("collect", 7L, "tokenizer", 1L, "world_model", 2L),
                4,
                    Map.of(
                        "collect", 7L,
                        "tokenizer", 1L,
                        "world_model", 2L,
                        "actor_critic", 1L,
                        "evaluate", 1L),
                5, Map.of("tokenizer", 1L, "world_model", 2L, "actor_critic", 1L, "evaluate", 1L)));
    assertThat(result.get("steps").asInt()).isEqualTo(12 + 3 * 7);
    Path fourth = checkpoint(run, 4).resolve("agent.safetensors");
    Path fifth = checkpoint(run, 5).resolve("agent.safetensors");
    for (String component : List.of("tokenizer.", "world_model.", "actor_critic.")) {
      assertThat(sameWeights(fourth, fifth, component)).isFalse();
    }
    Map<String, StoredTensor> moments =
        Safetensors.read(checkpoint(run, 5).resolve("optimisers.safetensors")).tensors();
    assertThat(
            List.of("tokenizer/step", "world_model/step", "actor_critic/step").stream()
                .map(name -> Objects.requireNonNull(moments.get(name)).toLongs()[0]))
        .containsExactly(4L, 6L, 2L);
    ObjectNode last = (ObjectNode) JSON.readTree(metrics(run).getLast());
    assertThat(last.fieldNames())
        .toIterable()
        .contains(
            "tokenizer/loss",
            "tokenizer/l1",
            "tokenizer/codebook",
            "tokenizer/commitment",
            "tokenizer/gradient_norm",
            "world_model/loss",
            "world_model/observations",
            "world_model/rewards",
            "world_model/ends",
            "actor_critic/loss",
            "actor_critic/actor",
            "actor_critic/value",
            "actor_critic/entropy",
            "evaluation/return");
    // The three terms are the loss.
    assertThat(last.get("world_model/loss").asDouble())
        .isCloseTo(
            last.get("world_model/observations").asDouble()
                + last.get("world_model/rewards").asDouble()
                + last.get("world_model/ends").asDouble(),
            org.assertj.core.api.Assertions.within(1e-5));
  }

  @Test
  void componentThatDoesNotLearnStaysAsItWas() throws IOException {
    Path run =
        train(
            "run",
            "epochs",
            "2",
            "tokenizer.after",
            "1",
            "world_model.after",
            "9",
            "actor_critic.updates",
            "0");
    Path first = checkpoint(run, 1).resolve("agent.safetensors");
    Path second = checkpoint(run, 2).resolve("agent.safetensors");
    assertThat(sameWeights(first, second, "tokenizer.")).isFalse();
    assertThat(sameWeights(first, second, "world_model.")).isTrue();
    assertThat(sameWeights(first, second, "actor_critic.")).isTrue();
  }

  @Test
  void trainingThatLeavesTheNumbersStopsAndSaysWhatLedThere() throws IOException {
    Path run = folder.resolve("run");
    String[] settings = {"epochs", "2", "world_model.updates", "1", "actor_critic.updates", "1"};
    assertThat(train(run, stopping(2, "tokenizer"), settings)).isEmpty();
    Path agent = checkpoint(run, 1).resolve("agent.safetensors");
    WeightFile whole = Safetensors.read(agent);
    SequencedMap<String, StoredTensor> weights = new LinkedHashMap<>(whole.tensors());
    String name = "tokenizer.decoder.conv_out.bias";
    weights.put(name, StoredTensor.of(new float[] {0, Float.NaN, 0}, 3));
    Safetensors.write(agent, new WeightFile(weights, whole.metadata()));
    Path file = run.resolve("diverged-tokenizer.safetensors");
    assertThatThrownBy(() -> train(run, new Watcher() {}, settings))
        .isInstanceOf(DivergedException.class)
        .hasMessageStartingWith("tokenizer update 2: expected finite numbers, got {")
        .hasMessageContaining(file.toString());
    WeightFile kept = Safetensors.read(file);
    assertThat(kept.metadata().get("update")).isEqualTo("2");
    assertThat(Objects.requireNonNull(kept.tensors().get("batch.frames")).shape())
        .containsExactly(8L, 1L);
    assertThat(metrics(run)).hasSize(1);
  }
}
