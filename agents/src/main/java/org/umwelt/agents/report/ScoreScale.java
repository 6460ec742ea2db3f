package org.umwelt.agents.report;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.umwelt.agents.evaluation.GameScore;
import org.umwelt.kernels.settings.BadRequestException;

/** What returns are worth on the scale on which environments are compared. */
final class ScoreScale {
  private record Ends(double zero, double one) {}

  private final Map<String, Ends> ends = new TreeMap<>();

  /**
   * A scale for some environments; Atari 100k's games have theirs.
   *
   * @param words {@code ENVIRONMENT=ZERO,ONE} each
   */
  ScoreScale(Iterable<String> words) {
    for (String word : words) {
      int comma = word.lastIndexOf(',');
      int equals = word.lastIndexOf('=', Math.max(0, comma));
      try {
        Ends both =
            new Ends(
                Double.parseDouble(word.substring(equals + 1, comma)),
                Double.parseDouble(word.substring(comma + 1)));
        if (equals < 1 || !(Math.abs(both.one - both.zero) > 0)) {
          throw new IllegalArgumentException(word);
        }
        ends.put(word.substring(0, equals), both);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        throw new BadRequestException(
            "expected --scale ENVIRONMENT=ZERO,ONE with two different returns, got " + word, e);
      }
    }
  }

  /** Returns a score; empty for an environment without a scale. */
  OptionalDouble of(String environment, double totalReward) {
    Ends both = ends.get(environment);
    return both == null
        ? GameScore.humanNormalised(environment, totalReward)
        : OptionalDouble.of((totalReward - both.zero) / (both.one - both.zero));
  }
}
