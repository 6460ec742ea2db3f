package org.umwelt.viewer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.cli.Main;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.keys.HeldKeys;

final class RolloutTest {
  private static final String CATCH = "umwelt/Catch-v0?balls=1";

  @TempDir private Path folder;

  private static Rollout open(String agent, long seed, int count) throws IOException {
    return Rollout.open(new RolloutRequest(CATCH, agent, seed, count), new HeldKeys());
  }

  @Test
  void whatIsRecordedIsEveryEpisodeAndCanBeSimulatedAgain() throws IOException {
    Path run;
    try (Rollout rollout = open("random", 7, 2)) {
      rollout.step(); // not recorded
      run = rollout.record(folder);
      while (rollout.score().episodes() < 4) {
        rollout.step();
      }
      rollout.step(); // resets the rows that ended, and goes on
      rollout.step();
      assertThat(Objects.requireNonNull(rollout.stopRecording())).isEqualTo(run);
      assertThat(rollout.isRecording()).isFalse();
    }
    try (Dataset dataset = Dataset.open(run)) {
      List<EpisodeSummary> episodes = dataset.episodes();
      assertThat(episodes).hasSizeGreaterThanOrEqualTo(5);
      assertThat(episodes).allMatch(episode -> episode.seed() == 7 + episode.index());
      assertThat(episodes.subList(0, 4)).allMatch(EpisodeSummary::terminated);
      assertThat(episodes.getLast().terminated()).isFalse();
      assertThat(dataset.losses()).isEmpty();
      JsonNode told = RunFolder.result(run).orElseThrow().path("episodes");
      for (int i = 0; i < episodes.size(); i++) {
        assertThat(told.path(i).path("return").asDouble()).isEqualTo(episodes.get(i).totalReward());
        assertThat(told.path(i).path("length").asInt()).isEqualTo(episodes.get(i).steps());
      }
    }
    ObjectNode result = RunFolder.result(run).orElseThrow();
    assertThat(result.path("env").asText()).isEqualTo(CATCH);

    assertThat(Files.readAllLines(run.resolve("metrics.jsonl")))
        .hasSize(result.path("episodes").size());
    assertThat(Main.run("replay", "verify", run.toString())).isZero();
  }

  @Test
  void theHistoryIsThatOfTheFirstRow() throws IOException {
    try (Rollout rollout = open("scripted", 0, 3)) {
      while (rollout.score().episodes() == 0) {
        rollout.step();
      }
      long steps = rollout.score().length();
      assertThat(rollout.history().rows()).isEqualTo(steps);
      assertThat(rollout.score().totalReward()).isEqualTo(1);
      assertThat(rollout.score().meanReturn()).isEqualTo(1);
      rollout.step(); // the reset is no step
      assertThat(rollout.history().rows()).isEqualTo(steps);
      assertThat(rollout.score().seed()).isEqualTo(3);
      assertThat(rollout.hasInsight()).isFalse();
    }
  }

  @Test
  void randomTellsItsPolicyButNoValue() throws IOException {
    try (Rollout rollout = open("random", 0, 1)) {
      rollout.step();
      assertThat(rollout.hasInsight()).isTrue();
      assertThat(rollout.hasValue()).isFalse();
      assertThat(rollout.actionNames()).containsExactly("NOOP", "RIGHT", "LEFT");
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new RolloutRequest(CATCH, "random", 0, 65))
        .isInstanceOf(BadRequestException.class)
        .hasMessage("expected 1 to 64 environments, got 65");
    assertThatThrownBy(() -> open("nobody", 0, 1)).isInstanceOf(BadRequestException.class);
  }
}
