package org.umwelt.worldmodel.iris;

import java.util.List;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * How a saved model is played in.
 *
 * @param id what the environment is called
 * @param saved the model
 * @param environment id of the real environment whose resets give the first frames
 * @param greedy whether the likeliest token, reward and end are taken rather than drawn ones
 * @param temperature of what is drawn
 * @param horizon steps after which an episode is truncated; 0 for no limit
 */
record ImaginationConfig(
    String id,
    SavedIris saved,
    String environment,
    boolean greedy,
    double temperature,
    int horizon) {

  private static final String GREEDY = "greedy";

  /** Checks that there is a real environment. */
  ImaginationConfig {
    if (environment.isEmpty()) {
      throw new BadRequestException(
          "%s: expected env=ID, the environment whose resets give the first frames; %s does not name it"
              .formatted(id, saved.file()));
    }
  }

  /** Declares the settings. */
  static List<Setting> settings(SavedIris saved) {
    return List.of(
        Setting.text(
            "env", saved.environment(), "Real environment whose resets give the first frames."),
        Setting.number(
            "temperature", 1, 0.001, 1000, "Of the tokens, rewards and ends that are drawn."),
        Setting.choice(
            "sampler",
            "categorical",
            List.of("categorical", GREEDY),
            "Whether tokens, rewards and ends are drawn or the likeliest ones."),
        Setting.integer(
            "horizon",
            1000,
            0,
            Integer.MAX_VALUE,
            "Steps after which an episode is truncated; 0 for no limit. The model itself sees %d steps back at most."
                .formatted(saved.sizes().worldModel().maxBlocks())));
  }

  /** Reads the settings. */
  static ImaginationConfig of(SavedIris saved, Settings settings) {
    return new ImaginationConfig(
        settings.owner(),
        saved,
        settings.text("env"),
        settings.text("sampler").equals(GREEDY),
        settings.number("temperature"),
        settings.intValue("horizon"));
  }

  Sampler sampler() {
    return greedy ? Sampler.greedy() : Sampler.temperature(temperature);
  }
}
