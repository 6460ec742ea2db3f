package org.umwelt.envs.atari;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Scores of the 26 games of Atari 100k on the scale where a random player has 0 and a human 1.
 *
 * <p>(score - random) / (human - random), with the table that SimPLe, CURL, SPR, IRIS and their
 * successors use.
 */
public final class HumanNormalisedScore {
  private record Range(double random, double human) {}

  private static final Map<String, Range> RANGES =
      Map.ofEntries(
          Map.entry("Alien", new Range(227.8, 7127.7)),
          Map.entry("Amidar", new Range(5.8, 1719.5)),
          Map.entry("Assault", new Range(222.4, 742.0)),
          Map.entry("Asterix", new Range(210.0, 8503.3)),
          Map.entry("BankHeist", new Range(14.2, 753.1)),
          Map.entry("BattleZone", new Range(2360.0, 37187.5)),
          Map.entry("Boxing", new Range(0.1, 12.1)),
          Map.entry("Breakout", new Range(1.7, 30.5)),
          Map.entry("ChopperCommand", new Range(811.0, 7387.8)),
          Map.entry("CrazyClimber", new Range(10780.5, 35829.4)),
          Map.entry("DemonAttack", new Range(152.1, 1971.0)),
          Map.entry("Freeway", new Range(0.0, 29.6)),
          Map.entry("Frostbite", new Range(65.2, 4334.7)),
          Map.entry("Gopher", new Range(257.6, 2412.5)),
          Map.entry("Hero", new Range(1027.0, 30826.4)),
          Map.entry("Jamesbond", new Range(29.0, 302.8)),
          Map.entry("Kangaroo", new Range(52.0, 3035.0)),
          Map.entry("Krull", new Range(1598.0, 2665.5)),
          Map.entry("KungFuMaster", new Range(258.5, 22736.3)),
          Map.entry("MsPacman", new Range(307.3, 6951.6)),
          Map.entry("Pong", new Range(-20.7, 14.6)),
          Map.entry("PrivateEye", new Range(24.9, 69571.3)),
          Map.entry("Qbert", new Range(163.9, 13455.0)),
          Map.entry("RoadRunner", new Range(11.5, 7845.0)),
          Map.entry("Seaquest", new Range(68.4, 42054.7)),
          Map.entry("UpNDown", new Range(533.4, 11693.2)));

  private HumanNormalisedScore() {}

  /** Returns the 26 games. */
  public static Set<String> games() {
    return RANGES.keySet();
  }

  /**
   * Returns the human-normalised score; empty unless the game is one of the 26.
   *
   * @param game such as {@code MsPacman}
   * @param score mean undiscounted, unclipped return
   */
  public static OptionalDouble of(String game, double score) {
    Range range = RANGES.get(game);
    return range == null
        ? OptionalDouble.empty()
        : OptionalDouble.of((score - range.random) / (range.human - range.random));
  }
}
