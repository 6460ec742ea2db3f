package org.umwelt.envs.python;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which Python interpreters there are to try. */
public final class PythonInterpreters {
  /** The environment variable that names an interpreter. */
  public static final String VARIABLE = "UMWELT_PYTHON";

  private PythonInterpreters() {}

  /**
   * Returns commands, best first: the one that {@code UMWELT_PYTHON} names, the private one, if it
   * is there, python3, python.
   */
  public static List<String> candidates() {
    List<String> commands = new ArrayList<>();
    String wanted = System.getenv(VARIABLE);
    if (wanted != null && !wanted.isBlank()) {
      commands.add(wanted);
    }
    Path own = PrivatePython.interpreter();
    if (Files.isExecutable(own)) {
      commands.add(own.toString());
    }
    commands.add("python3");
    commands.add("python");
    return commands;
  }
}
