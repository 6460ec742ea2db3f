package org.umwelt.agents.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

/** Evaluations in Python environments, whose processes are killed. */
@Tag("python")
class EvaluateGymTest {
  private static final int KILLS = 10;

  @TempDir private Path folder;

  @BeforeAll
  static void needsPython() {
    try {
      Environments.make("gym:CartPole-v1").close();
    } catch (BadRequestException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  private String evaluate(String out, String... more) throws Exception {
    List<String> words =
        new ArrayList<>(
            List.of(
                "evaluate",
                "--agent",
                "random",
                "--seed",
                "3",
                "--out",
                folder.resolve(out).toString()));
    words.addAll(Arrays.asList(more));
    CommandLineRun run = CommandLineRun.of(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    ObjectNode result =
        (ObjectNode) new ObjectMapper().readTree(folder.resolve(out + "/result.json").toFile());
    result.remove(List.of("frames_per_second", "steps_per_second", "seconds"));
    return result.toString();
  }

  /**
   * Kills Python at random moments, one episode after the last time or later; returns how often.
   */
  private static int kill(Path metrics, AtomicBoolean over) throws Exception {
    RandomStream random = new RandomStream(9);
    int killed = 0;
    long finished = 0;
    while (killed < KILLS && !over.get()) {
      long now = finishedEpisodes(metrics);
      if (now == finished) {
        Thread.sleep(1);
        continue;
      }
      Thread.sleep(random.nextInt(60));
      List<ProcessHandle> processes = ProcessHandle.current().children().toList();
      if (!processes.isEmpty() && processes.getFirst().destroyForcibly()) {
        killed++;
        finished = finishedEpisodes(metrics);
      }
    }
    return killed;
  }

  private static long finishedEpisodes(Path metrics) throws IOException {
    return Files.exists(metrics) ? Files.readString(metrics).lines().count() : 0;
  }

  @Test
  void killedProcessesDoNotChangeTheResult() throws Exception {
    String[] request = {"--env", "gym:Acrobot-v1", "--episodes", "30"};
    String undisturbed = evaluate("undisturbed", request);
    assertThat(new ObjectMapper().readTree(undisturbed).path("steps").asInt())
        .isGreaterThanOrEqualTo(10_000);

    AtomicBoolean over = new AtomicBoolean();
    int[] killed = new int[1];
    Thread killer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                killed[0] = kill(folder.resolve("disturbed/metrics.jsonl"), over);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    String disturbed;
    try {
      disturbed = evaluate("disturbed", request);
    } finally {
      over.set(true);
      killer.join();
    }
    assertThat(killed[0]).isEqualTo(KILLS);
    assertThat(disturbed).isEqualTo(undisturbed);
    CommandLineRun verified =
        CommandLineRun.of("replay", "verify", folder.resolve("disturbed").toString());
    assertThat(verified.exitCode()).as(verified.err()).isZero();
  }

  @Test
  void workersChangeNothingAndStepsAreRecorded() throws Exception {
    String[] request = {
      "--env", "gym:Blackjack-v1?wrappers=RecordEpisodeStatistics&info=episode/r", "--episodes", "9"
    };
    String one = evaluate("one", request);
    List<String> more = new ArrayList<>(Arrays.asList(request));
    more.addAll(List.of("--workers", "3"));
    assertThat(evaluate("three", more.toArray(String[]::new))).isEqualTo(one);
    JsonNode metadata =
        new ObjectMapper()
            .readTree(folder.resolve("three/episodes/eval-v0/data/metadata.json").toFile());
    assertThat(metadata.path("env_spec").asText())
        .contains("\"id\":\"Blackjack-v1\"", "RecordEpisodeStatistics");
  }
}
