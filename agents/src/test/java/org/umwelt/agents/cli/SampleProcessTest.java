package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.CommandLineProcess;
import org.umwelt.kernels.random.RandomStream;

/** Samplings in processes of their own, which are killed. */
@Tag("slow")
class SampleProcessTest {
  private static final int KILLS = 5;

  @TempDir private Path folder;

  private Process start(String out, String... more) throws IOException {
    List<String> words =
        List.of(
            "sample",
            "phi4",
            "size=16x10",
            "sampler=hmc+wolff+metropolis",
            "sweeps=12000",
            "keep=7",
            "seed=3",
            "--out",
            folder.resolve(out).toString());
    return CommandLineProcess.of(words, more).start();
  }

  private static void succeeds(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  private ObjectNode result(String out) throws IOException {
    ObjectNode result =
        (ObjectNode)
            new ObjectMapper().readTree(folder.resolve(out).resolve("result.json").toFile());
    ((ObjectNode) result.path("scalars")).remove("phi4/sweeps_per_second");
    return result.without(List.of("seconds", "speed"));
  }

  private static List<String> names(Path folder) {
    String[] names = folder.toFile().list();
    return names == null ? List.of() : Arrays.stream(names).sorted().toList();
  }

  @Test
  void killedAtRandomMomentsAndResumedIsTheSameChain() throws Exception {
    succeeds(start("whole"));
    RandomStream random = new RandomStream(7);
    Path checkpoints = folder.resolve("cut/checkpoints");
    for (int kill = 0; kill < KILLS; kill++) {
      List<String> before = names(checkpoints);
      Process killed = start("cut", "--resume");
      while (killed.isAlive() && names(checkpoints).equals(before)) {
        Thread.sleep(5); // until it has gone on
      }
      Thread.sleep(random.nextInt(100));
      killed.destroyForcibly();
      killed.waitFor();
    }
    assertThat(folder.resolve("cut/result.json")).doesNotExist();
    succeeds(start("cut", "--resume"));
    for (String file : List.of("measurements.npy", "configurations.npy")) {
      assertThat(folder.resolve("cut").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
    assertThat(result("cut")).isEqualTo(result("whole"));
  }
}
