package org.umwelt.agents.iris;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** IRIS at the paper's sizes: {@code umwelt train iris}. */
public class IrisExperiment implements Experiment {
  private final String name;
  private final String summary;
  private final List<Setting> settings;

  /** Creates the experiment of the paper. */
  public IrisExperiment() {
    this("iris", "IRIS (arXiv 2209.00588) with the paper's values: GPU days per game", Map.of());
  }

  private IrisExperiment(String name, String summary, Map<String, String> defaults) {
    this.name = name;
    this.summary = summary;
    this.settings = IrisConfig.settings(defaults);
  }

  /** IRIS for a few processor cores: {@code umwelt train iris-small}. */
  public static final class Small extends IrisExperiment {
    /** Creates the experiment. */
    public Small() {
      super("iris-small", "IRIS reduced for a few processor cores", defaults());
    }

    private static Map<String, String> defaults() {
      Map<String, String> values = new LinkedHashMap<>();
      values.put("tokenizer.channels", "32");
      values.put("tokenizer.batch", "64");
      values.put("world_model.layers", "3");
      values.put("world_model.width", "128");
      values.put("world_model.steps", "10");
      values.put("world_model.batch", "16");
      values.put("actor_critic.batch", "16");
      values.put("actor_critic.burn_in", "5");
      values.put("actor_critic.horizon", "10");
      return values;
    }
  }

  /**
   * IRIS for one embedded game, learned from scratch within minutes: {@code umwelt train
   * iris-catch}.
   *
   * <p>What makes it possible beside small networks: codes of 8 numbers that are as large as what
   * is encoded from the start, since codes of 64 collapse to a dozen; a tokenizer that stops
   * learning before the transformer starts; a game of few pictures, because every token of this
   * tokenizer depends on the whole picture, and the transformer must learn by heart how pictures
   * follow each other; and a policy that starts to learn when the transformer knows what actions
   * do.
   */
  public static final class Catch extends IrisExperiment {
    /** Creates the experiment. */
    public Catch() {
      super("iris-catch", "IRIS reduced for the embedded game Catch: minutes", defaults());
    }

    private static Map<String, String> defaults() {
      Map<String, String> values = new LinkedHashMap<>();
      values.put("env", "umwelt/GridCatch-v0?cells=4");
      values.put("frames_per_pass", "8");
      values.put("tokenizer.channels", "16");
      values.put("tokenizer.multipliers", "1,1,2,4,4");
      values.put("tokenizer.residual_blocks", "1");
      values.put("tokenizer.attention", "8");
      values.put("tokenizer.latent", "64");
      values.put("tokenizer.vocabulary", "64");
      values.put("tokenizer.code_size", "8");
      values.put("tokenizer.code_bound", "0.3");
      values.put("tokenizer.commitment", "0.002");
      values.put("tokenizer.learning_rate", "0.002");
      values.put("tokenizer.batch", "16");
      values.put("tokenizer.updates", "60");
      values.put("tokenizer.after", "0");
      values.put("tokenizer.until", "4");
      values.put("world_model.layers", "3");
      values.put("world_model.width", "128");
      values.put("world_model.steps", "8");
      values.put("world_model.dropout", "0");
      values.put("world_model.batch", "16");
      values.put("world_model.updates", "250");
      values.put("world_model.after", "4");
      values.put("actor_critic.hidden", "256");
      values.put("actor_critic.batch", "16");
      values.put("actor_critic.updates", "40");
      values.put("actor_critic.after", "7");
      values.put("actor_critic.burn_in", "2");
      values.put("actor_critic.horizon", "10");
      values.put("actor_critic.gamma", "0.95");
      values.put("actor_critic.entropy", "0.01");
      values.put("learning_rate", "0.001");
      values.put("collect.first", "1500");
      values.put("collect.steps", "100");
      values.put("evaluate.every", "2");
      values.put("evaluate.episodes", "20");
      values.put("epochs", "14");
      return values;
    }
  }

  /**
   * The world model of IRIS for one Atari game, learned on a few processor cores: {@code umwelt
   * train iris-atari env=ALE/Pong-v5}.
   *
   * <p>Frames of such games differ in a few pixels, and a fresh encoder gives one code per position
   * for all of them; here codes that no frame uses are moved to where frames are encoded. The
   * policy does not learn unless {@code actor_critic.after} is lowered.
   */
  public static final class Atari extends IrisExperiment {
    /** Creates the experiment. */
    public Atari() {
      super(
          "iris-atari",
          "IRIS reduced: a world model of one Atari game in about half an hour",
          defaults());
    }

    private static Map<String, String> defaults() {
      Map<String, String> values = Catch.defaults();
      values.put("env", "ALE/Pong-v5");
      values.put("tokenizer.vocabulary", "256");
      values.put("tokenizer.revive", "20");
      values.put("tokenizer.updates", "200");
      values.put("tokenizer.until", "6");
      values.put("world_model.dropout", "0.1");
      values.put("world_model.updates", "200");
      values.put("world_model.after", "6");
      values.put("actor_critic.after", "24");
      values.put("collect.first", "8000");
      values.put("collect.steps", "0");
      values.put("evaluate.every", "4");
      values.put("evaluate.episodes", "4");
      values.put("epochs", "24");
      return values;
    }
  }

  /** IRIS so small that everything happens in about a minute: {@code umwelt train iris-debug}. */
  public static final class Debug extends IrisExperiment {
    /** Creates the experiment. */
    public Debug() {
      super("iris-debug", "IRIS so small that every part runs within about a minute", defaults());
    }

    private static Map<String, String> defaults() {
      Map<String, String> values = new LinkedHashMap<>();
      values.put("env", "umwelt/Catch-v0?balls=2");
      values.put("frames_per_pass", "8");
      values.put("tokenizer.channels", "8");
      values.put("tokenizer.residual_blocks", "1");
      values.put("tokenizer.attention", "8");
      values.put("tokenizer.latent", "32");
      values.put("tokenizer.vocabulary", "64");
      values.put("tokenizer.code_size", "32");
      values.put("tokenizer.batch", "16");
      values.put("tokenizer.updates", "10");
      values.put("tokenizer.after", "0");
      values.put("world_model.layers", "2");
      values.put("world_model.width", "64");
      values.put("world_model.steps", "5");
      values.put("world_model.batch", "8");
      values.put("world_model.updates", "10");
      values.put("world_model.after", "1");
      values.put("actor_critic.hidden", "64");
      values.put("actor_critic.batch", "8");
      values.put("actor_critic.updates", "5");
      values.put("actor_critic.after", "2");
      values.put("actor_critic.burn_in", "3");
      values.put("actor_critic.horizon", "5");
      values.put("epochs", "8");
      values.put("collect.first", "50");
      values.put("collect.steps", "50");
      values.put("collect.until", "6");
      values.put("evaluate.every", "4");
      values.put("evaluate.episodes", "2");
      return values;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public List<Setting> settings() {
    return settings;
  }

  @Override
  public Trainer start(Settings values, TrainingContext context) {
    return new IrisTrainer(IrisConfig.of(values), context);
  }
}
