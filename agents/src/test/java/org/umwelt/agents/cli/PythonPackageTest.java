package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.envs.gym.GymBridge;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.kernels.settings.BadRequestException;

/** The Python package {@code umwelt}: our environments with Gymnasium's interfaces. */
@Tag("python")
class PythonPackageTest {
  @BeforeAll
  static void needsPython() {
    try {
      GymBridge.versions();
    } catch (BadRequestException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  /**
   * Runs {@code check_umwelt.py} with the sources of the package and the JVM of this class path.
   */
  private static List<String> check(String... what) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(PythonInterpreters.candidates().getFirst(), "src/test/python/check_umwelt.py"));
    command.addAll(List.of(what));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PYTHONPATH", Path.of("../scripts/python").toString());
    builder
        .environment()
        .put("UMWELT_COMMAND", String.join(" ", CommandLineProcess.of(List.of()).command()));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @Test
  void gymnasiumsCheckerPassesOnEveryFamily() throws Exception {
    assertThat(check("check", "some"))
        .contains(
            "checked umwelt/Catch-v0",
            "checked umwelt/Bricks-v0",
            "checked umwelt-ALE/Pong-v5",
            "checked umwelt-Atari100k/Pong-train-v0",
            "checked umwelt-Atari84/Pong-v0");
  }

  @Test
  void vectorsEqualGymnasiumsMadeOfOurSinglesInAllAutoresetModes() throws Exception {
    assertThat(check("compare")).filteredOn(line -> line.startsWith("compared")).hasSize(6);
  }

  @Test
  void observationsAreCopiesUnlessViewsAreAskedFor() throws Exception {
    assertThat(check("kept")).contains("kept True True", "kept False False");
  }

  @Test
  void wrongRequestsAreRefusedInOneLine() throws Exception {
    assertThat(check("refuse"))
        .filteredOn(line -> line.startsWith("refused"))
        .hasSize(4)
        .anyMatch(line -> line.contains("reset it first"))
        .anyMatch(line -> line.contains("expected an action in Discrete(3), got 7"))
        .anyMatch(line -> line.contains("unknown setting ball; did you mean balls?"))
        .anyMatch(line -> line.contains("render mode"));
  }

  @Test
  void theJvmEndsWithPythonAndItsDeathIsTold() throws Exception {
    assertThat(check("end"))
        .anyMatch(line -> line.startsWith("ended the JVM is gone"))
        .contains("ended with its parent");
  }
}
