package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.kernels.random.RandomStream;

/** Trainings in processes of their own, which are killed. */
@Tag("slow")
class TrainProcessTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLS = 10;

  @TempDir private Path folder;

  private Process start(String out, String... more) throws IOException {
    List<String> words =
        List.of(
            "train",
            "test-line",
            "epochs=300",
            "pause=5",
            "seed=3",
            "--out",
            folder.resolve(out).toString());
    return CommandLineProcess.of(words, more).start();
  }

  private static String outputOf(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static String withoutTimes(String json) throws IOException {
    return ((ObjectNode) JSON.readTree(json)).without(List.of("wall", "seconds")).toString();
  }

  private List<String> metrics(String out) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(out + "/metrics.jsonl"))) {
      lines.add(withoutTimes(line));
    }
    return lines;
  }

  private static long eventBytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().contains("tfevents"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Test
  void killedAtRandomMomentsAndResumedGivesTheSameWeightsAndMetrics() throws Exception {
    Process whole = start("whole");
    assertThat(outputOf(whole)).contains("weights/slope");
    assertThat(whole.exitValue()).isZero();

    RandomStream random = new RandomStream(System.nanoTime());
    for (int kill = 0; kill < KILLS; kill++) {
      Process killed = start("cut", "--resume", "--checkpoint-every", "3");
      // Killed while the JVM starts, while it goes on, and in any part of an epoch.
      Thread.sleep(random.nextInt(1500));
      killed.destroyForcibly();
      killed.waitFor();
    }
    Process resumed = start("cut", "--resume");
    String output = outputOf(resumed);
    assertThat(resumed.exitValue()).as(output).isZero();

    assertThat(metrics("cut")).isEqualTo(metrics("whole")).hasSize(300);
    String result = "/result.json";
    assertThat(withoutTimes(Files.readString(folder.resolve("cut" + result))))
        .isEqualTo(withoutTimes(Files.readString(folder.resolve("whole" + result))));
    for (String file : List.of("points.bin", "checkpoints/epoch-000300/state.bin")) {
      assertThat(folder.resolve("cut").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
    for (String events : List.of("", "images")) {
      assertThat(eventBytes(folder.resolve("cut").resolve(events)))
          .isEqualTo(eventBytes(folder.resolve("whole").resolve(events)));
    }
    assertThat(folder.resolve("cut/checkpoints").toFile().list()).hasSize(2);
  }

  @Test
  void interruptedStopsCleanlyAndSaysHowToGoOn() throws Exception {
    Process interrupted = start("cut", "--checkpoint-every", "2");
    Path second = folder.resolve("cut/checkpoints/epoch-000002");
    while (!Files.exists(second)) {
      Thread.sleep(5);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(interrupted.pid())).start().waitFor();
    String output = outputOf(interrupted);
    assertThat(interrupted.exitValue()).as(output).isEqualTo(130);
    assertThat(output)
        .contains("stopped; the last checkpoint is " + folder.resolve("cut/checkpoints/epoch-"))
        .contains(
            "to go on: umwelt train test-line epochs=300 pause=5 seed=3 --out %s"
                    .formatted(folder.resolve("cut"))
                + " --checkpoint-every 2 --resume");
    Process resumed = start("cut", "--resume");
    assertThat(outputOf(resumed)).contains("of 300 epochs are finished", "weights/slope");
    assertThat(resumed.exitValue()).isZero();
  }
}
