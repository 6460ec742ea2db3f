package org.umwelt.envs;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What a reset asks for.
 *
 * @param seed re-seeds the environment's random streams; empty means they go on where they stand
 * @param options environment-specific; an environment refuses keys it does not know
 */
public record Reset(OptionalLong seed, Map<String, Object> options) {
  private static final Reset UNSEEDED = new Reset(OptionalLong.empty(), Map.of());

  /** Checks that the seed is not negative (Gymnasium's rule) and copies the options. */
  public Reset {
    if (seed.isPresent() && seed.getAsLong() < 0) {
      throw new IllegalArgumentException("expected a seed >= 0, got " + seed.getAsLong());
    }
    options = Map.copyOf(options);
  }

  /** Returns a reset that continues the environment's random streams. */
  public static Reset unseeded() {
    return UNSEEDED;
  }

  /** Returns a reset after which everything is a function of the seed and the actions. */
  public static Reset seeded(long seed) {
    return new Reset(OptionalLong.of(seed), Map.of());
  }
}
