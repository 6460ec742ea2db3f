package org.umwelt.agents.iris;

import java.util.List;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.worldmodel.iris.SavedIris;

/**
 * {@code umwelt evaluate --divergence}: how long what a model imagines stays with what really
 * happens, over many start states; {@link Divergence} says how that is measured.
 */
public final class DivergenceExperiment implements Experiment {
  @Override
  public String name() {
    return "divergence";
  }

  @Override
  public String summary() {
    return "how many steps the dreams of an IRIS agent stay with reality";
  }

  @Override
  public String kind() {
    return "evaluation";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("agent", "", "A run of umwelt train iris, a checkpoint or a file."),
        Setting.text("env", "", "Real environment; the one of the run where empty."),
        Setting.integer("starts", 100, 1, 100_000, "Start states."),
        Setting.integer("horizon", 20, 1, 10_000, "Steps that are looked at."),
        Setting.integer("futures", 4, 1, 1024, "Imagined from every start state."),
        Setting.integer(
            "spread", 100, 0, 1_000_000, "A dream begins up to so many steps into an episode."),
        Setting.number(
            "fraction",
            0.5,
            0.001,
            0.999,
            "Of the way from reconstructions to unrelated frames, at which a dream has parted."),
        Setting.number("temperature", 1, 0.001, 1000, "Of what is imagined."),
        Setting.number("policy_temperature", 0.5, 0.001, 1000, "Of the actions."),
        Setting.integer("seed", 0, 0, Long.MAX_VALUE >> 10, "Master seed."));
  }

  @Override
  public Trainer start(Settings values, TrainingContext context) {
    SavedIris saved = SavedIris.require(values.text("agent"), "evaluate --divergence");
    Dream dream =
        Dream.open(
            saved,
            values.text("env"),
            values.intValue("futures"),
            Sampler.temperature(values.number("temperature")));
    return new DivergenceTrainer(values, saved.digest(), dream, context.run());
  }
}
