package org.umwelt.viewer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.cli.Main;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine;

final class ViewCommandTest {
  @TempDir private Path folder;

  private static String refusal(String... words) {
    StringWriter said = new StringWriter();
    CommandLine line = new CommandLine(new ViewCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setErr(new PrintWriter(said));
    line.setExecutionExceptionHandler((e, _, _) -> {
      assertThat(e).isInstanceOf(BadRequestException.class);
      said.write(String.valueOf(e.getMessage()));
      return 2;
    });
    assertThat(line.execute(words)).isEqualTo(2);
    return said.toString();
  }

  @Test
  void theCommandIsFound() {
    assertThat(Main.run("view", "--help")).isZero();
  }

  @Test
  void roomsComeInAFixedOrder() {
    assertThat(Viewer.rooms())
        .startsWith("Live")
        .contains("Replays")
        .endsWith("Runs")
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsNotThereIsRefusedBeforeAWindowOpens() {
    Path nowhere = folder.resolve("nowhere");
    assertThat(refusal(nowhere.toString()))
        .isEqualTo("expected a run or a data set, there is no " + nowhere);
    assertThat(refusal("--screenshot", nowhere.resolve("a.png").toString()))
        .startsWith("cannot write ");
    assertThat(refusal("--screenshot", folder.resolve("a.png").toString(), "--after", "-1"))
        .isEqualTo("expected --after of 0 to 3600 seconds, got -1.0");
    assertThat(refusal("--room", "Lives", "--screenshot", folder.resolve("a.png").toString()))
        .startsWith("unknown room Lives; did you mean Live?");
  }

  @Test
  void aFileIsNoRun() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "no run");
    assertThat(refusal(file.toString()))
        .isEqualTo("expected a run or a data set, found neither in " + file);
  }

  @Test
  void aDataSetOpensReplays() {
    Path run = folder.resolve("run");
    assertThat(
            Main.run(
                "evaluate",
                "--env",
                "umwelt/Catch-v0?balls=1",
                "--agent",
                "noop",
                "--episodes",
                "1",
                "--seed",
                "1",
                "--quiet",
                "--out",
                run.toString()))
        .isZero();
    assertThat(Viewer.roomFor(run)).isEqualTo("Replays");
  }

  @Test
  void anEmptyFolderIsRefused() {
    assertThat(refusal(folder.toString()))
        .isEqualTo("expected a run or a data set, found neither in " + folder);
  }

  @Test
  void aFolderWithRunsOpensTheirList() throws IOException {
    Path run = Files.createDirectories(folder.resolve("2026-11-28/run"));
    Files.writeString(run.resolve("metrics.jsonl"), "");
    assertThat(Viewer.roomFor(folder)).isEqualTo("Runs");
    assertThat(Viewer.roomFor(run)).isEqualTo("Runs");
  }
}
