package org.umwelt.agents.policies;

import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** The setting of agents that draw from softmax(logits / temperature). */
public final class Temperature {
  private static final String NAME = "temperature";
  private static final double LEAST = 0.001; // below, quotients leave the range of float32
  private static final double MOST = 1000;

  private Temperature() {}

  /** Declares the setting. */
  public static Setting setting(double usual) {
    return Setting.number(
        NAME,
        usual,
        0,
        MOST,
        "Of the distribution actions are drawn from; 0 takes the likeliest action.");
  }

  /**
   * Returns the temperature, 0 or from 0.001 to 1000.
   *
   * @param asked what was asked for, for messages
   */
  public static double of(Settings settings, String asked) {
    double temperature = settings.number(NAME);
    if (temperature > 0 && temperature < LEAST) {
      throw new BadRequestException(
          "%s: expected temperature to be 0 or %s to %s, got %s"
              .formatted(asked, LEAST, MOST, temperature));
    }
    return temperature;
  }
}
