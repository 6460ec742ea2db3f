package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "bench",
        "doctor",
        "evaluate",
        "list",
        "replay",
        "replay ls",
        "replay show",
        "replay verify",
        "replay export",
        "train",
        "verify"
      })
  void everyCommandHasTheHelpItsMessagesPointTo(String command) {
    CommandLineRun run = CommandLineRun.of((command + " --help").split(" ", -1));
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("Usage: umwelt " + command);
  }
}
