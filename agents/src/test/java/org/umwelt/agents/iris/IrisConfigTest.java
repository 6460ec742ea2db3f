package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.worldmodel.iris.TokenizerConfig;
import org.umwelt.worldmodel.iris.WorldModelConfig;

class IrisConfigTest {
  private static IrisConfig config(Experiment experiment, String... namesAndValues) {
    return IrisConfig.of(settings(experiment, namesAndValues));
  }

  private static Settings settings(Experiment experiment, String... namesAndValues) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      given.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Settings(experiment.name(), experiment.settings(), given);
  }

  @Test
  void defaultsAreThePapers() {
    IrisConfig paper = config(new IrisExperiment());
    assertThat(paper.tokenizer()).isEqualTo(TokenizerConfig.paper());
    assertThat(paper.worldModel()).isEqualTo(WorldModelConfig.paper());
    assertThat(paper.hidden()).isEqualTo(512);
    assertThat(paper.tokenizerLearningRate()).isEqualTo(paper.learningRate());
    assertThat(List.of(paper.learningRate(), paper.weightDecay(), paper.maxGradientNorm()))
        .containsExactly(1e-4, 0.01, 10.0);
    assertThat(List.of(paper.tokenizerBatch(), paper.worldModelBatch(), paper.actorCriticBatch()))
        .containsExactly(256, 64, 64);
    assertThat(List.of(paper.burnIn(), paper.horizon())).containsExactly(20, 20);
    assertThat(List.of(paper.gamma(), paper.lambda(), paper.entropyWeight()))
        .containsExactly(0.995, 0.95, 0.001);
    assertThat(paper.schedule())
        .isEqualTo(
            new IrisConfig.Schedule(
                600, 200, 200, 500, 0.01, 1, 5, 1_000_000, 25, 50, 200, 200, 200, 5, 16, 0.5));
    assertThat(paper.seed()).isZero();
    assertThat(paper.zeroRewards()).isFalse();
    assertThat(paper.environment()).isEqualTo("Atari100k/Breakout-train-v0");
    assertThat(paper.testEnvironment()).isEqualTo("Atari100k/Breakout-test-v0");
  }

  /** Behind it an epoch costs what the rest will cost, which says how much time is left. */
  @Test
  void theLastStartIsThatOfAComponentThatLearns() {
    assertThat(config(new IrisExperiment()).schedule().lastStart()).isEqualTo(50);
    assertThat(config(new IrisExperiment.Catch()).schedule().lastStart()).isEqualTo(7);
    assertThat(config(new IrisExperiment.Atari()).schedule().lastStart()).isEqualTo(6);
  }

  @Test
  void totalsOfThePaperFollowFromItsSchedule() {
    IrisConfig.Schedule s = config(new IrisExperiment()).schedule();
    assertThat((s.epochs() - s.tokenizerAfter()) * s.tokenizerUpdates()).isEqualTo(119_000);
    assertThat((s.epochs() - s.worldModelAfter()) * s.worldModelUpdates()).isEqualTo(115_000);
    assertThat((s.epochs() - s.actorCriticAfter()) * s.actorCriticUpdates()).isEqualTo(110_000);
    assertThat(s.collectFirst() + (s.collectUntil() - 1) * s.collectSteps()).isEqualTo(100_000);
  }

  @Test
  void everySizeHasADefaultThatFits() {
    for (Experiment experiment :
        List.of(
            new IrisExperiment(),
            new IrisExperiment.Small(),
            new IrisExperiment.Catch(),
            new IrisExperiment.Debug())) {
      IrisConfig config = config(experiment);
      assertThat(config.tokenizer().resolution()).isEqualTo(64);
      assertThat(config.tokenizer().tokens()).isEqualTo(16);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ALE/Pong-v5, , Atari100k/Pong-train-v0, Atari100k/Pong-test-v0",
    "Atari100k/Pong-train-v0, , Atari100k/Pong-train-v0, Atari100k/Pong-test-v0",
    "Atari100k/Pong-train-v0?x=1, , Atari100k/Pong-train-v0?x=1, Atari100k/Pong-test-v0?x=1",
    "umwelt/Catch-v0?balls=2, , umwelt/Catch-v0?balls=2, umwelt/Catch-v0?balls=2",
    "umwelt/Catch-v0, umwelt/Catch-v0?balls=1, umwelt/Catch-v0, umwelt/Catch-v0?balls=1",
  })
  void evaluationTakesTheSameWorldWithoutTrainingsShortcuts(
      String env, String evalEnv, String training, String test) {
    IrisConfig config =
        config(new IrisExperiment(), "env", env, "eval_env", evalEnv == null ? "" : evalEnv);
    assertThat(config.environment()).isEqualTo(training);
    assertThat(config.testEnvironment()).isEqualTo(test);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tokenizer.chanels | 64 | iris: unknown setting tokenizer.chanels; did you mean tokenizer.channels?",
        "actor_critic.horizon | 1 | iris: actor_critic.horizon must be a whole number from 2",
        "tokenizer.multipliers | 1,two | iris: tokenizer.multipliers must be whole numbers joined by commas, got 1,two",
        "tokenizer.multipliers | 1,1,1,1,1,1,1,1 | tokenizer: expected a resolution that 8 levels can halve, got 64",
        "tokenizer.loss | lpips | tokenizer.lpips names the weights of LPIPS",
        "tokenizer.lpips | vgg.pt | tokenizer.lpips names the weights of LPIPS",
        "world_model.heads | 3 | world model: expected heads that divide width 256, got 3",
        "env | ALE/Pong-v5?frame_skip=4 | ALE/Pong-v5?frame_skip=4: expected no arguments",
      })
  void whatCannotBeIsOneLine(String name, String value, String message) {
    assertThatThrownBy(() -> config(new IrisExperiment(), name, value))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(message)
        .message()
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "env | test/Colour-v0 | test/Colour-v0: iris needs observations",
        "eval_env | test/Colour-v0 | test/Colour-v0: iris needs observations",
        "env | test/Walk-v0 | test/Walk-v0: iris needs observations",
        "eval_env | umwelt/Dodge-v0 | eval_env=umwelt/Dodge-v0: expected the 3 actions of umwelt/Catch-v0?balls=2, got",
        "compute | cuda | compute=cuda: expected a GPU",
        "env | umwelt/Cach-v0 | unknown environment umwelt/Cach-v0",
      })
  void environmentIrisCannotLearnInIsRefusedAtTheStart(String name, String value, String message) {
    Experiment debug = new IrisExperiment.Debug();
    assertThatThrownBy(
            () -> debug.start(settings(debug, name, value), new TrainingContext(Path.of("none"))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(message)
        .message()
        .hasLineCount(1);
  }

  @Test
  void missingLpipsFileIsRefusedAtTheStart() {
    Experiment debug = new IrisExperiment.Debug();
    Settings settings = settings(debug, "tokenizer.loss", "lpips", "tokenizer.lpips", "no/such.pt");
    assertThatThrownBy(() -> debug.start(settings, new TrainingContext(Path.of("none"))))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith("tokenizer.lpips: expected a .pt or safetensors file");
  }

  private static MemoryEstimate estimate(String... namesAndValues) {
    return new MemoryEstimate(
        config(new IrisExperiment.Debug(), namesAndValues), 100_000, 200_000, 300_000);
  }

  @Test
  void memoryIsEstimatedMoreForMore() {
    long base = estimate().total();
    assertThat(base).isPositive();
    for (String[] more :
        new String[][] {
          {"threads", "4"},
          {"frames_per_pass", "512"},
          {"collect.steps", "5000"},
          {"tokenizer.channels", "64", "frames_per_pass", "64"},
          {"world_model.layers", "60", "rows_per_pass", "64"},
          {"actor_critic.horizon", "400"},
          {"actor_critic.burn_in", "600"},
          {"actor_critic.batch", "4096"}
        }) {
      assertThat(estimate(more).total()).as(String.join(" ", more)).isGreaterThan(base);
    }
    assertThat(estimate("cache", "false").total()).isLessThan(base);
    assertThat(estimate("cache_reconstructions", "1").total()).isLessThan(base);
    assertThat(estimate().line()).startsWith("memory: about ").hasLineCount(1);
    // Values, four copies, and gradients of two workers.
    assertThat(estimate().weights()).isEqualTo(600_000L * 4 * (4 + 2));
    assertThat(estimate().replay()).isEqualTo(300L * 64 * 64 * 3);
  }
}
