package org.umwelt.envs.atari;

import java.util.ArrayList;
import java.util.List;

/** Which Python interpreters to try. */
final class Python {
  private Python() {}

  /** Returns commands, best first: the one that {@code UMWELT_PYTHON} names, python3, python. */
  static List<String> candidates() {
    List<String> commands = new ArrayList<>();
    String wanted = System.getenv("UMWELT_PYTHON");
    if (wanted != null && !wanted.isBlank()) {
      commands.add(wanted);
    }
    commands.add("python3");
    commands.add("python");
    return commands;
  }
}
