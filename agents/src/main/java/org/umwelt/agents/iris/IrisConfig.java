package org.umwelt.agents.iris;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.iris.TokenizerConfig;
import org.umwelt.worldmodel.iris.WorldModelConfig;

/**
 * Everything a training run is a function of.
 *
 * @param environment what experience is collected in
 * @param testEnvironment what the agent is evaluated in
 * @param seed of weights, batches, exploration and environments
 * @param compute device and precision
 * @param threads workers; results depend on their number in the last digits
 * @param framesPerPass frames a worker encodes, decodes or trains on at once
 * @param rowsPerPass sequences a worker trains the transformer on at once
 * @param caching whether tokens and reconstructions are kept between tokenizer updates
 * @param cachedReconstructions how many reconstructions are kept at most
 * @param tokenizer sizes of the tokenizer
 * @param worldModel sizes of the transformer
 * @param hidden size of the policy's LSTM
 * @param reconstruction loss the tokenizer learns from: delta, l1 or lpips
 * @param lpips file with the weights of LPIPS; empty unless reconstruction is lpips
 * @param commitment weight of the commitment term (beta)
 * @param codeBound bound of fresh codes; 0 for 1 / vocabulary
 * @param reviveEvery updates from one revival of unused codes to the next; 0 for none
 * @param zeroRewards whether the model is told that every reward is 0: a control experiment
 * @param tokenizerLearningRate of the tokenizer's optimiser
 * @param learningRate of the other two
 * @param weightDecay of the transformer's linear layers
 * @param maxGradientNorm per component
 * @param schedule when what is done
 * @param tokenizerBatch frames per update
 * @param worldModelBatch sequences per update
 * @param actorCriticBatch imagined rollouts per update
 * @param burnIn frames the policy looks at before it starts to imagine
 * @param horizon imagined steps
 * @param gamma discount
 * @param lambda of the returns
 * @param entropyWeight of the policy's entropy
 */
record IrisConfig(
    String environment,
    String testEnvironment,
    long seed,
    String compute,
    int threads,
    int framesPerPass,
    int rowsPerPass,
    boolean caching,
    int cachedReconstructions,
    TokenizerConfig tokenizer,
    WorldModelConfig worldModel,
    int hidden,
    String reconstruction,
    String lpips,
    double commitment,
    double codeBound,
    int reviveEvery,
    boolean zeroRewards,
    double tokenizerLearningRate,
    double learningRate,
    double weightDecay,
    double maxGradientNorm,
    Schedule schedule,
    int tokenizerBatch,
    int worldModelBatch,
    int actorCriticBatch,
    int burnIn,
    int horizon,
    double gamma,
    double lambda,
    double entropyWeight) {

  /**
   * What is done in which epoch (section 10 of the paper's appendix).
   *
   * @param epochs how many in all
   * @param collectFirst steps collected in the first epoch
   * @param collectSteps steps collected in every other
   * @param collectUntil last epoch that collects
   * @param epsilon probability of a uniform action while collecting
   * @param temperature of the policy while collecting
   * @param tokenizerAfter last epoch without tokenizer updates
   * @param tokenizerUntil last epoch with tokenizer updates
   * @param worldModelAfter last epoch without transformer updates
   * @param actorCriticAfter last epoch without policy updates
   * @param tokenizerUpdates per epoch
   * @param worldModelUpdates per epoch
   * @param actorCriticUpdates per epoch
   * @param evaluateEvery epochs from one evaluation to the next
   * @param evaluationEpisodes per evaluation
   * @param evaluationTemperature of the policy in evaluations
   */
  record Schedule(
      int epochs,
      int collectFirst,
      int collectSteps,
      int collectUntil,
      double epsilon,
      double temperature,
      int tokenizerAfter,
      int tokenizerUntil,
      int worldModelAfter,
      int actorCriticAfter,
      int tokenizerUpdates,
      int worldModelUpdates,
      int actorCriticUpdates,
      int evaluateEvery,
      int evaluationEpisodes,
      double evaluationTemperature) {

    /** Returns the last epoch before all components learn that ever will. */
    int lastStart() {
      return IntStream.of(tokenizerAfter, worldModelAfter, actorCriticAfter)
          .filter(after -> after < epochs)
          .max()
          .orElse(0);
    }
  }

  private static final int MANY = 1_000_000;

  /** Checks what cannot be checked field by field. */
  IrisConfig {
    if (burnIn + 1 > MANY || horizon < 2) {
      throw new BadRequestException("expected actor_critic.horizon of at least 2, got " + horizon);
    }
    if (reconstruction.equals("lpips") == lpips.isEmpty()) {
      throw new BadRequestException(
          "tokenizer.lpips names the weights of LPIPS: expected it together with tokenizer.loss=lpips, got tokenizer.loss=%s and tokenizer.lpips=%s"
              .formatted(reconstruction, lpips.isEmpty() ? "nothing" : lpips));
    }
  }

  /** Returns what the networks of the world are built from. */
  IrisWorld.Sizes sizes(int actions) {
    return new IrisWorld.Sizes(tokenizer, worldModel, actions);
  }

  /** Declares every setting with the paper's values. */
  static List<Setting> settings() {
    return List.of(
        Setting.text(
            "env",
            "ALE/Breakout-v5",
            "Environment with 64x64 RGB observations; ALE/<Game>-v5 stands for Atari100k/<Game>-train-v0."),
        Setting.text(
            "eval_env",
            "",
            "Environment of evaluations; empty for the same game without training's shortcuts."),
        Setting.integer("seed", 0, 0, Integer.MAX_VALUE, "Of everything random."),
        Compute.setting(),
        Setting.integer(
            "threads", 2, 1, 256, "Workers; the last digits of results depend on their number."),
        Setting.integer(
            "frames_per_pass", 16, 1, 1024, "Frames a worker encodes or trains on at once."),
        Setting.integer(
            "rows_per_pass", 4, 1, 1024, "Sequences a worker trains the transformer on at once."),
        Setting.bool("cache", true, "Keep tokens and reconstructions between tokenizer updates."),
        Setting.integer(
            "cache_reconstructions",
            40_000,
            0,
            MANY,
            "Reconstructions kept at most, 48 kB each at 64x64."),
        Setting.integer("tokenizer.channels", 64, 1, 1024, "Base width of the autoencoder."),
        Setting.text(
            "tokenizer.multipliers", "1,1,1,1,1", "Width of each level over the base width."),
        Setting.integer("tokenizer.residual_blocks", 2, 1, 8, "Residual blocks per level."),
        Setting.text("tokenizer.attention", "16,8", "Resolutions with self-attention."),
        Setting.integer("tokenizer.latent", 512, 1, 4096, "Channels before the quantiser."),
        Setting.integer("tokenizer.vocabulary", 512, 2, 65_536, "Codes in the codebook."),
        Setting.integer("tokenizer.code_size", 512, 1, 4096, "Numbers in a code."),
        Setting.choice(
            "tokenizer.loss",
            "delta",
            List.of("delta", "l1", "lpips"),
            "Reconstruction loss: of Delta-IRIS, L1 alone, or the paper's L1 + LPIPS."),
        Setting.text(
            "tokenizer.lpips", "", "File with LPIPS weights, such as a published IRIS .pt."),
        Setting.number(
            "tokenizer.commitment",
            0.02,
            0,
            100,
            "Weight of the commitment term: 0.02 in Delta-IRIS, 1 in the paper with its own loss."),
        Setting.number(
            "tokenizer.code_bound",
            0,
            0,
            1000,
            "Fresh codes are uniform up to this; 0 for the paper's 1 / vocabulary."),
        Setting.integer(
            "tokenizer.revive",
            0,
            0,
            MANY,
            "Updates between moves of unused codes to where frames are encoded; 0 for none, as in the paper."),
        Setting.integer("tokenizer.batch", 256, 1, 65_536, "Frames per update."),
        Setting.integer("tokenizer.updates", 200, 0, MANY, "Updates per epoch."),
        Setting.integer("tokenizer.after", 5, 0, MANY, "Last epoch without updates."),
        Setting.integer(
            "tokenizer.until",
            MANY,
            0,
            MANY,
            "Last epoch with updates; in the paper all have them."),
        Setting.integer("world_model.layers", 10, 1, 256, "Layers of the transformer."),
        Setting.integer("world_model.heads", 4, 1, 256, "Attention heads per layer."),
        Setting.integer("world_model.width", 256, 1, 16_384, "Size of a token's vector."),
        Setting.number("world_model.dropout", 0.1, 0, 0.99, "Dropout while training."),
        Setting.integer(
            "world_model.steps", 20, 2, 1024, "Time steps of a sequence, the most it looks back."),
        Setting.integer("world_model.batch", 64, 1, 65_536, "Sequences per update."),
        Setting.integer("world_model.updates", 200, 0, MANY, "Updates per epoch."),
        Setting.integer("world_model.after", 25, 0, MANY, "Last epoch without updates."),
        Setting.number("world_model.weight_decay", 0.01, 0, 1, "On linear layers."),
        Setting.bool("world_model.zero_rewards", false, "Teach that every reward is 0: a control."),
        Setting.integer("actor_critic.hidden", 512, 1, 16_384, "Size of the policy's LSTM."),
        Setting.integer("actor_critic.batch", 64, 1, 65_536, "Imagined rollouts per update."),
        Setting.integer("actor_critic.updates", 200, 0, MANY, "Updates per epoch."),
        Setting.integer("actor_critic.after", 50, 0, MANY, "Last epoch without updates."),
        Setting.integer(
            "actor_critic.burn_in", 20, 0, 1024, "Frames seen before imagination starts."),
        Setting.integer("actor_critic.horizon", 20, 2, 1024, "Imagined steps."),
        Setting.number("actor_critic.gamma", 0.995, 0, 1, "Discount."),
        Setting.number("actor_critic.lambda", 0.95, 0, 1, "Of the lambda-returns."),
        Setting.number("actor_critic.entropy", 0.001, 0, 10, "Weight of the entropy."),
        Setting.number("learning_rate", 1e-4, 0, 1, "Of all three optimisers."),
        Setting.number(
            "tokenizer.learning_rate", 0, 0, 1, "Of the tokenizer's; 0 for that of the others."),
        Setting.number("max_grad_norm", 10, 0, MANY, "Longer gradients are shortened."),
        Setting.integer("epochs", 600, 1, MANY, "Epochs in all."),
        Setting.integer("collect.first", 200, 1, MANY, "Steps collected in the first epoch."),
        Setting.integer("collect.steps", 200, 0, MANY, "Steps collected in every other."),
        Setting.integer("collect.until", 500, 1, MANY, "Last epoch that collects."),
        Setting.number("collect.epsilon", 0.01, 0, 1, "Probability of a uniform action."),
        Setting.number(
            "collect.temperature",
            1,
            0.001,
            1000,
            "Of the policy; the authors lower it for Freeway."),
        Setting.integer("evaluate.every", 5, 1, MANY, "Epochs between evaluations."),
        Setting.integer("evaluate.episodes", 16, 0, MANY, "Episodes per evaluation."),
        Setting.number("evaluate.temperature", 0.5, 0.001, 1000, "Of the policy."));
  }

  /** Declares the settings with other defaults. */
  static List<Setting> settings(Map<String, String> defaults) {
    Map<String, String> rest = new LinkedHashMap<>(defaults);
    List<Setting> all =
        settings().stream()
            .map(setting -> {
              String value = rest.remove(setting.name());
              return value == null ? setting : setting.withDefault(value);
            })
            .toList();
    if (!rest.isEmpty()) {
      throw new IllegalStateException("no such settings: " + rest.keySet());
    }
    return all;
  }

  /** Reads a configuration. */
  static IrisConfig of(Settings s) {
    String environment = IrisEnvironments.training(s.text("env"));
    return new IrisConfig(
        environment,
        s.text("eval_env").isEmpty()
            ? IrisEnvironments.test(environment)
            : IrisEnvironments.training(s.text("eval_env")),
        s.integer("seed"),
        s.text("compute"),
        s.intValue("threads"),
        s.intValue("frames_per_pass"),
        s.intValue("rows_per_pass"),
        s.bool("cache"),
        s.intValue("cache_reconstructions"),
        new TokenizerConfig(
            IrisEnvironments.RESOLUTION,
            s.intValue("tokenizer.channels"),
            integers(s, "tokenizer.multipliers"),
            s.intValue("tokenizer.residual_blocks"),
            integers(s, "tokenizer.attention"),
            s.intValue("tokenizer.latent"),
            s.intValue("tokenizer.vocabulary"),
            s.intValue("tokenizer.code_size")),
        new WorldModelConfig(
            s.intValue("world_model.steps"),
            s.intValue("world_model.layers"),
            s.intValue("world_model.heads"),
            s.intValue("world_model.width"),
            s.number("world_model.dropout")),
        s.intValue("actor_critic.hidden"),
        s.text("tokenizer.loss"),
        s.text("tokenizer.lpips"),
        s.number("tokenizer.commitment"),
        s.number("tokenizer.code_bound"),
        s.intValue("tokenizer.revive"),
        s.bool("world_model.zero_rewards"),
        s.number("tokenizer.learning_rate") > 0
            ? s.number("tokenizer.learning_rate")
            : s.number("learning_rate"),
        s.number("learning_rate"),
        s.number("world_model.weight_decay"),
        s.number("max_grad_norm"),
        new Schedule(
            s.intValue("epochs"),
            s.intValue("collect.first"),
            s.intValue("collect.steps"),
            s.intValue("collect.until"),
            s.number("collect.epsilon"),
            s.number("collect.temperature"),
            s.intValue("tokenizer.after"),
            s.intValue("tokenizer.until"),
            s.intValue("world_model.after"),
            s.intValue("actor_critic.after"),
            s.intValue("tokenizer.updates"),
            s.intValue("world_model.updates"),
            s.intValue("actor_critic.updates"),
            s.intValue("evaluate.every"),
            s.intValue("evaluate.episodes"),
            s.number("evaluate.temperature")),
        s.intValue("tokenizer.batch"),
        s.intValue("world_model.batch"),
        s.intValue("actor_critic.batch"),
        s.intValue("actor_critic.burn_in"),
        s.intValue("actor_critic.horizon"),
        s.number("actor_critic.gamma"),
        s.number("actor_critic.lambda"),
        s.number("actor_critic.entropy"));
  }

  private static List<Integer> integers(Settings settings, String name) {
    String text = settings.text(name);
    try {
      return text.isEmpty()
          ? List.of()
          : Arrays.stream(text.split(",")).map(String::strip).map(Integer::valueOf).toList();
    } catch (NumberFormatException _) {
      throw new BadRequestException(
          "%s: %s must be whole numbers joined by commas, got %s"
              .formatted(settings.owner(), name, text));
    }
  }
}
