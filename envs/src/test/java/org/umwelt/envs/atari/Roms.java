package org.umwelt.envs.atari;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;

/** Skips tests of games whose ROMs are not there. */
final class Roms {
  private Roms() {}

  static void require(String... games) {
    List<String> missing = RomLibrary.missing(List.of(games));
    assumeTrue(
        missing.isEmpty(),
        () ->
            "skipped: no ROM of %s (scripts/umwelt doctor --fix fetches them)".formatted(missing));
  }

  /** Skips unless the game in an id such as {@code ALE/Pong-v5?frameskip=1} can be played. */
  static void requireOf(String id) {
    require(id.replaceAll("^[^/]*/|-.*$", ""));
  }
}
