package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.WeightFile;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.SegmentSampler;
import org.umwelt.worldmodel.replay.Segments;

/** A learner of one number that should become 0, which may leave the numbers. */
class LearnerTest {
  @TempDir private Path folder;

  private static final class NumberLearner extends Learner<Tensor> {
    private final SegmentSampler sampler;
    private final double slope;
    private final double shift;
    private final int badUpdate;

    NumberLearner(
        IrisConfig config,
        Parameters parameters,
        WorkerTeam team,
        SegmentSampler sampler,
        double slope,
        double shift,
        int badUpdate) {
      super("number", 9, config, config.learningRate(), 0, parameters, team, NumberLearner::create);
      this.sampler = sampler;
      this.slope = slope;
      this.shift = shift;
      this.badUpdate = badUpdate;
    }

    static Tensor create(Parameters parameters) {
      return parameters.create("x", false, Init.constant(3), 1);
    }

    @Override
    Segments draw(RandomStream random) {
      return sampler.sample(2, 3, SegmentSampler.Mode.FROM_START, random);
    }

    @Override
    Work<Tensor> prepare(Segments batch, long update) {
      boolean bad = update == badUpdate;
      return new Work<>(
          4,
          (x, shard, notes) -> {
            notes.add("note", 0.25);
            SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
            terms.put("square", Tensors.scale(x.square().sum(), bad ? slope : 0.25));
            terms.put("constant", Tensors.shift(Tensors.scale(x.sum(), 0), bad ? shift : 0));
            return terms;
          });
    }
  }

  private void withNumber(double slope, double shift, int badUpdate, Body body) throws IOException {
    try (WorkerTeam team = new WorkerTeam(2);
        Parameters parameters = Parameters.fresh(Compute.CPU, 0);
        ReplayBuffer replay = new ReplayBuffer(new FrameShape(2, 2, 3), 0)) {
      for (int t = 0; t < 9; t++) {
        replay.append(new byte[12], t, t / 2f, t == 8);
      }
      NumberLearner.create(parameters);
      try (NumberLearner learner =
          new NumberLearner(
              SmallAgents.config("learning_rate", "0.01", "max_grad_norm", "5"),
              parameters,
              team,
              new SegmentSampler(replay),
              slope,
              shift,
              badUpdate)) {
        body.run(learner, parameters);
      }
    }
  }

  @FunctionalInterface
  private interface Body {
    void run(NumberLearner learner, Parameters parameters) throws IOException;
  }

  private static float value(Parameters parameters) {
    return Tensors.floats(parameters.values())[0];
  }

  @Test
  void updateReportsLossTermsNotesAndNormOfTheWholeBatch() throws IOException {
    withNumber(
        0,
        0,
        -1,
        (learner, parameters) -> {
          Map<String, Double> values = learner.update(folder);
          assertThat(values)
              .containsExactlyInAnyOrderEntriesOf(
                  Map.of(
                      "loss",
                      9.0,
                      "square",
                      9.0,
                      "constant",
                      0.0,
                      "note",
                      1.0,
                      "gradient_norm",
                      6.0));
          for (int i = 0; i < 100; i++) {
            learner.update(folder);
          }
          assertThat(value(parameters)).isBetween(1.9f, 2.1f); // about 0.01 a step
        });
  }

  @Test
  void gradientIsShortenedToTheConfiguredNorm() throws IOException {
    withNumber(
        0,
        0,
        -1,
        (learner, parameters) -> {
          assertThat(learner.update(folder).get("gradient_norm")).isEqualTo(6);
          assertThat(Tensors.floats(parameters.gradients())[0])
              .isCloseTo(5, org.assertj.core.api.Assertions.within(1e-5f));
        });
  }

  /** Terms that are not finite with a gradient that is, and the other way round. */
  @ParameterizedTest
  @CsvSource({"NaN, 0", "Infinity, 0", "0.25, NaN", "0.25, Infinity", "1e38, 0"})
  void numberThatIsNotFiniteStopsWithTheBatchAndTheWeightsBeforeIt(double slope, double shift)
      throws IOException {
    withNumber(
        slope,
        shift,
        2,
        (learner, parameters) -> {
          learner.update(folder);
          learner.update(folder);
          float before = value(parameters);
          Path file = folder.resolve("diverged-number.safetensors");
          assertThat(file).doesNotExist();
          assertThatThrownBy(() -> learner.update(folder))
              .isInstanceOf(DivergedException.class)
              .hasMessageStartingWith("number update 2: expected finite numbers, got {")
              .hasMessageContaining(file.toString())
              .hasMessageContaining("learning_rate")
              .message()
              .hasLineCount(1);
          assertThat(Files.exists(file)).isTrue();
          WeightFile kept = Safetensors.read(file);
          assertThat(kept.metadata().get("update")).isEqualTo("2");
          assertThat(kept.tensors().keySet())
              .contains("x", "batch.frames", "batch.actions", "batch.rewards");
          assertThat(Objects.requireNonNull(kept.tensors().get("x")).toFloats())
              .containsExactly(before);
          assertThat(value(parameters)).isEqualTo(before);
          assertThat(learner.optimiser().steps()).isEqualTo(2);
          Segments batch = learner.draw(learner.random(2, (1 << 20) - 1));
          assertThat(Objects.requireNonNull(kept.tensors().get("batch.frames")).toLongs())
              .containsExactly(batch.frames());
        });
  }

  @Test
  void streamsDifferByUpdateAndRow() throws IOException {
    withNumber(
        0,
        0,
        -1,
        (learner, parameters) -> {
          assertThat(learner.random(3, 4).nextLong()).isEqualTo(learner.random(3, 4).nextLong());
          assertThat(
                  java.util.stream.Stream.of(
                          learner.random(3, 4).nextLong(),
                          learner.random(3, 5).nextLong(),
                          learner.random(4, 4).nextLong(),
                          learner.dropoutKey(3, 4),
                          learner.dropoutKey(3, 5),
                          learner.dropoutKey(4, 4))
                      .distinct())
              .hasSize(6);
        });
  }
}
