package org.umwelt.viewer.dream;

import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

/**
 * What is to be dreamt.
 *
 * @param run a run, a checkpoint or a file of an IRIS agent
 * @param environment id of the real one; empty for the one of the run
 * @param seed of the real episode, and of what is drawn in the dream
 * @param realSteps played before the dream begins
 * @param temperature of what is imagined
 * @param policyTemperature of the policy's actions
 * @param fraction of the way from reconstructions to unrelated frames at which a dream has parted
 */
record DreamRequest(
    String run,
    String environment,
    long seed,
    int realSteps,
    double temperature,
    double policyTemperature,
    double fraction) {
  static final int MOST_REAL_STEPS = 1000;

  DreamRequest {
    if (run.isBlank()) {
      throw new BadRequestException(
          "expected the folder of a run of umwelt train iris, its checkpoint or agent.safetensors");
    }
    if (seed < 0) {
      throw new BadRequestException("expected a seed of at least 0, got " + seed);
    }
  }

  /** Returns what settings of the room ask for, with these in place of some of them. */
  static DreamRequest of(
      Settings settings, String run, String environment, String seed, int realSteps) {
    long number;
    try {
      number = Long.parseLong(seed.strip());
    } catch (NumberFormatException e) {
      throw new BadRequestException("expected a whole number as the seed, got " + seed, e);
    }
    return new DreamRequest(
        run.strip(),
        environment.strip(),
        number,
        realSteps,
        settings.number("temperature"),
        settings.number("policy_temperature"),
        settings.number("fraction"));
  }
}
