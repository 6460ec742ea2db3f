package org.umwelt.agents.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.kernels.settings.BadRequestException;

class ScriptedAgentTest {
  private static final int EPISODES = 30;

  private static double[] returns(String id, String name) {
    double[] returns = new double[EPISODES];
    try (Environment environment = Environments.make(id);
        Agent agent = Agents.find(name).make(AgentContext.of(id, environment))) {
      Step step = Step.allocate(environment);
      Batch actions = Batch.allocate(environment.actionSpace(), 1);
      for (int i = 0; i < EPISODES; i++) {
        environment.reset(Reset.seeded(i), step);
        agent.begin(0, new EpisodeStart(i, i, 0));
        while (!step.ended()) {
          agent.act(step.batch(), actions);
          environment.step(actions.row(0), step);
          returns[i] += step.reward();
        }
      }
    }
    return returns;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double squaredError(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum()
        / (values.length - 1)
        / values.length;
  }

  /** The mean the script reaches at least, far above random, and five standard errors of both. */
  @ParameterizedTest
  @CsvSource({
    "umwelt/Catch-v0, 9.5",
    "umwelt/GridCatch-v0, 9.9",
    "umwelt/GridCatch-v0?basket=3, 9.9",
    "umwelt/Bricks-v0, 105",
    "umwelt/Dodge-v0, 40"
  })
  void beatsRandomClearly(String game, double atLeast) {
    double[] scripted = returns(game, "scripted");
    double[] random = returns(game, "random");
    double error = Math.sqrt(squaredError(scripted) + squaredError(random));
    assertThat(mean(scripted)).isGreaterThan(mean(random) + 5 * error).isGreaterThan(atLeast);
  }

  @Test
  void otherEnvironmentsAreRefused() {
    assertThatThrownBy(() -> returns("test/Walk-v0", "scripted"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(
            "expected one of umwelt/Bricks-v0, umwelt/Catch-v0, umwelt/Dodge-v0, umwelt/GridCatch-v0");
  }
}
