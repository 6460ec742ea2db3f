package org.umwelt.viewer.live;

import org.umwelt.kernels.settings.BadRequestException;

/**
 * What is to be seen.
 *
 * @param environment id with its keyword arguments
 * @param agent name or file; {@link KeyboardAgent#NAME} for the player
 * @param seed of the first episode of the first environment; the others count on from it
 * @param count how many environments, 1 to 64
 */
record RolloutRequest(String environment, String agent, long seed, int count) {
  static final int MOST = 64;

  RolloutRequest {
    if (count < 1 || count > MOST) {
      throw new BadRequestException("expected 1 to %d environments, got %d".formatted(MOST, count));
    }
    if (seed < 0) {
      throw new BadRequestException("expected a seed of at least 0, got " + seed);
    }
  }
}
