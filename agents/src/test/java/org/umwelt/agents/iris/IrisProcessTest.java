package org.umwelt.agents.iris;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.kernels.random.RandomStream;

/** Trainings of iris-debug in processes of their own, which are killed. */
@Tag("slow")
class IrisProcessTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLS = 10;
  private static final int EPOCHS = 8;

  @TempDir private Path folder;

  private Process start(String out, String... more) throws IOException {
    List<String> words =
        List.of("train", "iris-debug", "seed=3", "--out", folder.resolve(out).toString());
    return CommandLineProcess.of(words, more)
        .redirectOutput(folder.resolve(out + ".txt").toFile())
        .start();
  }

  private String outputOf(Process process, String out) throws Exception {
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return Files.readString(folder.resolve(out + ".txt"), StandardCharsets.UTF_8);
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

  @Test
  void killedAtRandomMomentsAndResumedGivesTheSameWeightsAndMetrics() throws Exception {
    long begin = System.nanoTime();
    Process whole = start("whole");
    String report = outputOf(whole, "whole");
    assertThat(whole.exitValue()).as(report).isZero();
    int milliseconds = (int) ((System.nanoTime() - begin) / 1_000_000);

    RandomStream random = new RandomStream(System.nanoTime());
    for (int kill = 0; kill < KILLS; kill++) {
      Process killed = start("cut", "--resume");
      // Killed while the JVM starts, while it goes on, and in any part of an epoch.
      Thread.sleep(random.nextInt(milliseconds / 3));
      killed.destroyForcibly();
      killed.waitFor();
    }
    Process resumed = start("cut", "--resume");
    String output = outputOf(resumed, "cut");
    assertThat(resumed.exitValue()).as(output).isZero();

    assertThat(metrics("cut")).isEqualTo(metrics("whole")).hasSize(EPOCHS);
    assertThat(withoutTimes(Files.readString(folder.resolve("cut/result.json"))))
        .isEqualTo(withoutTimes(Files.readString(folder.resolve("whole/result.json"))));
    String last = "checkpoints/epoch-00000" + EPOCHS;
    for (String file :
        List.of(
            last + "/agent.safetensors",
            last + "/optimisers.safetensors",
            last + "/collector.bin",
            "replay.log")) {
      assertThat(folder.resolve("cut").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
  }
}
