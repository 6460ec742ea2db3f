package org.umwelt.envs.gym;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;

/** Python with Gymnasium, for tests. */
final class PythonSide {
  /**
   * The environments of {@code src/test/python/worlds.py}; tests run in the folder of the module.
   */
  static final String WORLDS = "gym:src.test.python.worlds:";

  private PythonSide() {}

  /** Skips the test where no Python can serve an environment. */
  static void require(String id) {
    try {
      Environments.make(id).close();
    } catch (BadRequestException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  /** Runs a script of {@code src/test/python} and returns the lines it prints. */
  static List<String> run(String script, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(PythonInterpreters.candidates().getFirst());
    command.add(Path.of("src/test/python", script).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PYTHONPATH", ".");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("%s ended with status %d".formatted(command, process.exitValue()));
    }
    return output.lines().toList();
  }
}
