package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;

class SavedIrisTest {
  @TempDir private Path folder;

  private static final IrisWorld.Sizes SIZES = SmallWorlds.sizes(7);

  private Path write(Path to, float mark) throws IOException {
    Files.createDirectories(Objects.requireNonNull(to.getParent()));
    try (IrisWorld world = SmallWorlds.formula(SIZES)) {
      SequencedMap<String, StoredTensor> weights = new LinkedHashMap<>(world.store());
      weights.put("mark", StoredTensor.of(new float[] {mark}, 1));
      SavedIris.write(to, weights, SIZES, 48, "umwelt/Catch-v0");
    }
    return to;
  }

  private static float mark(SavedIris saved) {
    return Objects.requireNonNull(saved.weights().get("mark")).toFloats()[0];
  }

  @Test
  void whatWasWrittenComesBack() throws IOException {
    Path file = write(folder.resolve("a/agent.safetensors"), 1);
    SavedIris saved = SavedIris.open(file).orElseThrow();
    assertThat(saved.file()).isEqualTo(file);
    assertThat(saved.sizes()).isEqualTo(SIZES);
    assertThat(saved.hidden()).isEqualTo(48);
    assertThat(saved.environment()).isEqualTo("umwelt/Catch-v0");
    try (IrisWorld written = SmallWorlds.formula(SIZES);
        IrisWorld read = new IrisWorld(Compute.CPU, saved.sizes(), 99)) {
      read.load(saved.weights(), file.toString());
      assertThat(Tensors.floats(read.tokenizerParameters().values()))
          .containsExactly(Tensors.floats(written.tokenizerParameters().values()));
      assertThat(Tensors.floats(read.worldModelParameters().values()))
          .containsExactly(Tensors.floats(written.worldModelParameters().values()));
    }
  }

  @Test
  void runStandsForItsNewestWholeCheckpoint() throws IOException {
    Path run = folder.resolve("run");
    assertThat(SavedIris.open(run)).isEmpty();
    write(run.resolve("checkpoints/epoch-000002/agent.safetensors"), 2);
    write(run.resolve("checkpoints/epoch-000010/agent.safetensors"), 10);
    write(run.resolve("checkpoints/epoch-000011.partial/agent.safetensors"), 11);
    Files.createDirectories(run.resolve("checkpoints/epoch-000012"));
    assertThat(mark(SavedIris.open(run).orElseThrow())).isEqualTo(10);
    assertThat(mark(SavedIris.open(run.resolve("checkpoints/epoch-000002")).orElseThrow()))
        .isEqualTo(2);
  }

  @Test
  void whatIsNotOfIrisIsLeftToOthers() throws IOException {
    Path other = folder.resolve("other.safetensors");
    Safetensors.write(
        other, new WeightFile(new LinkedHashMap<>(), Map.of("format", "something else")));
    Path text = folder.resolve("notes.txt");
    Files.writeString(text, "agent");
    for (Path path : List.of(other, text, folder, folder.resolve("nothing"))) {
      assertThat(SavedIris.open(path)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}"})
  void damagedSizesAreOneLine(String config) throws IOException {
    Path file = folder.resolve("damaged.safetensors");
    Safetensors.write(
        file, new WeightFile(new LinkedHashMap<>(), Map.of("format", "iris", "config", config)));
    assertThatThrownBy(() -> SavedIris.open(file))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(file + ": expected the sizes of an IRIS agent in its metadata")
        .message()
        .hasLineCount(1);
  }

  private static Map<String, StoredTensor> published(IrisWorld.Sizes sizes) {
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    try (IrisWorld world = new IrisWorld(Compute.CPU, sizes, 0)) {
      weights.putAll(world.store());
    }
    weights.put("actor_critic.lstm.weight_hh", StoredTensor.of(new float[4 * 9 * 9], 36, 9));
    return weights;
  }

  @Test
  void sizesOfAPublishedCheckpointAreReadOffItsShapes() {
    IrisWorld.Sizes sizes =
        new IrisWorld.Sizes(
            new TokenizerConfig(64, 8, List.of(1, 1, 1, 1, 1), 2, List.of(16, 8), 24, 40, 12),
            new WorldModelConfig(6, 3, 2, 128, 0.1),
            9);
    SavedIris saved = SavedIris.published(Path.of("Game.pt"), published(sizes));
    assertThat(saved.sizes()).isEqualTo(sizes);
    assertThat(saved.hidden()).isEqualTo(9);
    assertThat(saved.environment()).isEmpty();
  }

  @Test
  void publishedCheckpointWithoutAnEntryIsOneLineThatNamesIt() {
    Map<String, StoredTensor> weights = published(SmallWorlds.sizes(3));
    for (String name :
        List.of(
            "tokenizer.encoder.down.0.block.0.conv1.weight",
            "tokenizer.embedding.weight",
            "world_model.pos_emb.weight",
            "world_model.transformer.blocks.0.ln1.weight",
            "world_model.embedder.embedding_tables.0.weight",
            "actor_critic.lstm.weight_hh")) {
      Map<String, StoredTensor> rest = new LinkedHashMap<>(weights);
      rest.remove(name);
      assertThatThrownBy(() -> SavedIris.published(Path.of("Game.pt"), rest))
          .isInstanceOf(BadRequestException.class)
          .hasMessage(
              "Game.pt: expected the entry %s of an IRIS agent, there is none".formatted(name));
    }
  }
}
