package org.umwelt.agents.evaluation;

import java.util.Collections;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.umwelt.envs.atari.HumanNormalisedScore;
import org.umwelt.envs.registry.EnvironmentId;

/** Which returns are the scores of a whole game of Atari, and what a human makes of such a game. */
public final class GameScore {
  private static final Pattern SCORED =
      Pattern.compile("(?=ALE/.*-v5$|Atari100k/.*-test-v0$)[^/]+/(?<game>\\w+)-.*");

  private static final Set<String> SCORE_CHANGING =
      Set.of("reward_clip", "mode", "difficulty", "max_episode_steps");

  private GameScore() {}

  /**
   * Returns the human-normalised score; empty where the returns are not the game's scores, or the
   * game is not among those of Atari 100k.
   *
   * @param environment id, keyword arguments included
   * @param mean mean undiscounted return
   */
  public static OptionalDouble humanNormalised(String environment, double mean) {
    EnvironmentId id = EnvironmentId.parse(environment);
    Matcher game = SCORED.matcher(id.name());
    if (!game.matches() || !Collections.disjoint(id.arguments().keySet(), SCORE_CHANGING)) {
      return OptionalDouble.empty();
    }
    return HumanNormalisedScore.of(game.group("game"), mean);
  }
}
