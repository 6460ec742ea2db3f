package org.umwelt.envs.lattice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

class Phi4EnvironmentTest {
  private static final String NEAR_CRITICAL = "umwelt/Phi4-v0?size=12&lambda=5.276&budget=400";
  private static final int WORK = 0; // leaves of the info
  private static final int EFFECTIVE = 1;
  private static final int VIRIAL = 2;
  private static final int VIRIAL_ERROR = 3;

  /** The mean return of some episodes of actions that take turns. */
  private static double play(String id, int episodes, long... actions) {
    double total = 0;
    try (Environment environment = Environments.make(id)) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      for (int episode = 0; episode < episodes; episode++) {
        environment.reset(Reset.seeded(episode), step);
        for (int t = 0; !step.ended(); t++) {
          action.setLong(actions[t % actions.length]);
          environment.step(action, step);
          total += step.reward();
        }
        assertThat(step.terminated()).isTrue();
      }
    }
    return total / episodes;
  }

  @Test
  void theReturnIsTheEffectiveSamplesPerChainAndWork() {
    try (Environment environment = Environments.make("umwelt/Phi4-v0?budget=60&chains=3")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      environment.reset(Reset.seeded(3), step);
      double total = 0;
      double work = 0;
      for (int t = 0; !step.ended(); t++) {
        action.setLong(t % 8);
        environment.step(action, step);
        total += step.reward();
        assertThat(step.info().scalar(WORK)).isGreaterThan(work);
        work = step.info().scalar(WORK);
      }
      assertThat(work).isGreaterThanOrEqualTo(60);
      assertThat(total).isCloseTo(step.info().scalar(EFFECTIVE) / 3 / work, within(1e-12));
      assertThat(step.info().scalar(EFFECTIVE)).isPositive();
    }
  }

  /** What section 3 of the specification says of samplers is what pays here. */
  @Test
  void clustersWithLocalUpdatesBeatEitherAlone() {
    double both = play(NEAR_CRITICAL, 4, 6, 3);
    assertThat(both).isGreaterThan(1.5 * play(NEAR_CRITICAL, 4, 3));
    assertThat(both).isGreaterThan(3 * play(NEAR_CRITICAL, 4, 1));
  }

  /** Signs alone never change phi^2; a proposal that hardly moves gives no new samples. */
  @Test
  void uselessUpdatesEarnNothing() {
    double honest = play(NEAR_CRITICAL, 4, 6, 3);
    assertThat(play(NEAR_CRITICAL, 4, 6)).isLessThan(honest / 8);
    assertThat(play(NEAR_CRITICAL, 4, 7)).isLessThan(honest / 8);
    assertThat(play(NEAR_CRITICAL + "&chains=1", 4, 7)).isLessThan(honest / 8);
    assertThat(play(NEAR_CRITICAL, 4, 0)).isLessThan(play(NEAR_CRITICAL, 4, 1));
  }

  @Test
  void choicesThatDoNotLookAreExact() {
    try (Environment environment = Environments.make("umwelt/Phi4-v0?size=4&budget=2000")) {
      Step step = Step.allocate(environment);
      Value action = Value.allocate(environment.actionSpace());
      environment.reset(Reset.seeded(1), step);
      for (int t = 0; !step.ended(); t++) {
        action.setLong(t % 8);
        environment.step(action, step);
      }
      double pull = (step.info().scalar(VIRIAL) - 1) / step.info().scalar(VIRIAL_ERROR);
      assertThat(Math.abs(pull)).isLessThan(3.5);
    }
  }

  @Test
  void theFieldIsObservedAndDrawn() {
    try (Environment environment = Environments.make("umwelt/Phi4-v0?size=6&dim=3&chains=2")) {
      Step step = Step.allocate(environment);
      environment.reset(Reset.seeded(1), step);
      float[] field = step.observation().leaf(0).toArray(ValueLayout.JAVA_FLOAT);
      float[] statistics = step.observation().leaf(1).toArray(ValueLayout.JAVA_FLOAT);
      assertThat(field).hasSize(2 * 216);
      double squares = 0;
      for (float phi : field) {
        squares += phi * phi / field.length;
      }
      assertThat(squares).isCloseTo(statistics[2], within(1e-5));
      assertThat(statistics[8]).isEqualTo(1); // of the budget

      Frame frame = environment.render();
      assertThat(frame.width()).isEqualTo(2 * 6 * 21 + 2);
      assertThat(frame.height()).isEqualTo(6 * 21);
      Set<Integer> colours = new HashSet<>();
      for (int i = 0; i < 3 * 6 * 21; i += 3 * 21) {
        colours.add(frame.rgb()[i] << 8 | frame.rgb()[i + 2]);
      }
      assertThat(colours).hasSize(6);
      // Red where the first plane is positive, blue where it is negative.
      boolean red = (frame.rgb()[0] & 255) > (frame.rgb()[2] & 255);
      assertThat(red).isEqualTo(field[0] > 0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "lambda=-1, lambda must be a number from 0.0",
    "size=1, size must be a whole number from 2",
    "lambda=0, expected a positive mass squared",
    "size=512&dim=4, expected at most",
  })
  void whatCannotBeSampledIsRefused(String arguments, String reason) {
    assertThatThrownBy(() -> Environments.make("umwelt/Phi4-v0?" + arguments).close())
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(reason);
  }
}
