package org.umwelt.agents.suites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.jobs.Job;
import org.umwelt.agents.jobs.JobKey;
import org.umwelt.agents.jobs.JobResult;

class SuiteResultTest {
  private static final String PONG = "Atari100k/Pong-test-v0"; // random -20.7, human 14.6
  private static final String BOXING = "Atari100k/Boxing-test-v0"; // random 0.1, human 12.1
  private static final String CATCH = "umwelt/Catch-v0";

  private static final Suite SUITE =
      new Suite(
          "three", List.of("a"), List.of(PONG, CATCH, BOXING), List.of(), List.of(2L, 1L), 2, 1);

  private record Part(Suite.Cell cell, JobResult result) {}

  private static Part part(String environment, long seed, int episode, double totalReward) {
    Job job = new Job("a", environment, seed, episode, 1);
    EpisodeResult result = new EpisodeResult(episode, 9, totalReward, 5, true, false, 20);
    return new Part(
        new Suite.Cell("a", "a", environment, seed),
        new JobResult(JobKey.of(job, "", ""), job, List.of(result), "", 1));
  }

  private static List<Part> parts() {
    return List.of(
        part(PONG, 1, 0, -20.7),
        part(PONG, 1, 1, 14.6),
        part(PONG, 2, 0, 14.6),
        part(PONG, 2, 1, 14.6),
        part(BOXING, 1, 0, 0.1),
        part(BOXING, 1, 1, 0.1),
        part(BOXING, 2, 0, 12.1),
        part(BOXING, 2, 1, 12.1),
        part(CATCH, 1, 0, 3),
        part(CATCH, 1, 1, 4),
        part(CATCH, 2, 0, 1),
        part(CATCH, 2, 1, 2));
  }

  private static SuiteResult result(List<Part> parts) {
    SuiteResult.Builder builder = new SuiteResult.Builder(SUITE);
    parts.forEach(part -> builder.add(part.cell(), part.result()));
    return builder.build(0.5);
  }

  @Test
  void theResultDoesNotDependOnTheOrderOfTheJobs() {
    ObjectNode inOrder = result(parts()).toJson();
    Random random = new Random(3);
    for (int round = 0; round < 20; round++) {
      List<Part> shuffled = new ArrayList<>(parts());
      Collections.shuffle(shuffled, random);
      assertThat(result(shuffled).toJson().toString()).isEqualTo(inOrder.toString());
    }
  }

  @Test
  void seedsAndEpisodesAreInOrder() {
    JsonNode evaluation = result(parts()).toJson().path("evaluations").path(2);
    assertThat(evaluation.path("env").asText()).isEqualTo(CATCH);
    assertThat(evaluation.path("seeds").toString())
        .isEqualTo(
            "[{\"seed\":1,\"mean\":3.5,\"returns\":[3.0,4.0]},{\"seed\":2,\"mean\":1.5,\"returns\":[1.0,2.0]}]");
    assertThat(evaluation.path("mean").asDouble()).isEqualTo(2.5);
    assertThat(evaluation.path("iqm").asDouble()).isEqualTo(2.5); // of 2 and 3
    assertThat(evaluation.path("episodes").asInt()).isEqualTo(4);
    assertThat(evaluation.path("steps").asInt()).isEqualTo(20);
    assertThat(evaluation.path("frames").asInt()).isEqualTo(80);
    assertThat(evaluation.has("human_normalised")).isFalse();
  }

  @Test
  void anAgentIsComparedWithAHumanOverTheGames() {
    HumanComparison comparison = result(parts()).agents().getFirst();
    assertThat(comparison.games()).isEqualTo(2);
    // Pong: (5.775 + 20.7) / 35.3 = 0.75; Boxing: (6.1 - 0.1) / 12 = 0.5.
    assertThat(comparison.mean()).isCloseTo(0.625, within(1e-12));
    assertThat(comparison.median()).isCloseTo(0.625, within(1e-12));
    // Under the seeds 0.5 and 1, 0 and 1; the middle half is 0.5 and 1.
    assertThat(comparison.iqm()).isCloseTo(0.75, within(1e-12));
  }

  @Test
  void whatIsMissingIsLeftOut() {
    SuiteResult result = result(parts().subList(0, 3));
    assertThat(result.jobs()).isEqualTo(3);
    assertThat(result.evaluations()).hasSize(1);
    assertThat(result.evaluations().getFirst().returns()).containsOnlyKeys(1L, 2L);
    assertThat(result(List.of()).toJson().path("evaluations")).isEmpty();
  }
}
