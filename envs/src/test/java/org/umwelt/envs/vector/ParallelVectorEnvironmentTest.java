package org.umwelt.envs.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.CountingEnvironment;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

@Timeout(120)
class ParallelVectorEnvironmentTest {
  /** Row i has episodes of i + 2 steps. */
  private static ParallelVectorEnvironment vector(int size, int threads, AutoresetMode mode) {
    return new ParallelVectorEnvironment(
        IntStream.range(0, size).mapToObj(i -> new CountingEnvironment(i + 2)).toList(),
        threads,
        mode);
  }

  private static void act(VectorEnvironment envs, long action) {
    for (int row = 0; row < envs.size(); row++) {
      envs.actions().row(row).setLong(action);
    }
  }

  private static long draw(Value observation) {
    return observation.tensor().getAtIndex(ValueLayout.JAVA_LONG, 0);
  }

  private static long count(Value observation) {
    return observation.tensor().getAtIndex(ValueLayout.JAVA_LONG, 1);
  }

  /** Returns the draws of the first episodes of one environment after this seed. */
  private static List<Long> draws(long seed, int episodes) {
    Environment single = new CountingEnvironment(1);
    Step step = Step.allocate(single);
    List<Long> draws = new ArrayList<>();
    for (int episode = 0; episode < episodes; episode++) {
      single.reset(episode == 0 ? Reset.seeded(seed) : Reset.unseeded(), step);
      draws.add(draw(step.observation()));
    }
    return draws;
  }

  @Test
  void sameStepGivesTheFirstObservationOfTheNextEpisodeAndKeepsTheFinalOne() {
    try (VectorEnvironment envs = vector(2, 1, AutoresetMode.SAME_STEP)) {
      List<Long> draws = draws(7, 3);
      StepBatch steps = envs.reset(Reset.seeded(7));
      assertThat(draw(steps.row(0).observation())).isEqualTo(draws.get(0));
      assertThat(draw(steps.row(1).observation())).isEqualTo(draws(8, 1).getFirst());
      act(envs, 3);
      envs.step();
      assertThat(steps.ended(0)).isFalse();
      assertThat(count(steps.row(0).observation())).isEqualTo(1);

      envs.step(); // row 0 ends

      assertThat(steps.terminated(0)).isTrue();
      assertThat(steps.truncated(0)).isFalse();
      assertThat(steps.reward(0)).isEqualTo(2);
      assertThat(count(steps.row(0).observation())).isZero();
      assertThat(draw(steps.row(0).observation())).isEqualTo(draws.get(1));
      assertThat(steps.row(0).info().scalar(0)).isEqualTo(-1);
      assertThat(count(steps.finalObservations().row(0))).isEqualTo(2);
      assertThat(draw(steps.finalObservations().row(0))).isEqualTo(draws.get(0));
      assertThat(steps.finalInfos().row(0).scalar(0)).isEqualTo(3);
      assertThat(steps.ended(1)).isFalse();

      envs.step(); // an ordinary step of row 0's next episode

      assertThat(steps.ended(0)).isFalse();
      assertThat(steps.reward(0)).isEqualTo(2);
      assertThat(count(steps.row(0).observation())).isEqualTo(1);
    }
  }

  @Test
  void nextStepResetsInTheStepAfterTheEndAndIgnoresItsAction() {
    try (VectorEnvironment envs = vector(2, 1, AutoresetMode.NEXT_STEP)) {
      List<Long> draws = draws(7, 2);
      StepBatch steps = envs.reset(Reset.seeded(7));
      act(envs, 3);
      envs.step();
      envs.step(); // row 0 ends
      assertThat(steps.terminated(0)).isTrue();
      assertThat(steps.reward(0)).isEqualTo(2);
      assertThat(count(steps.row(0).observation())).isEqualTo(2);
      assertThat(steps.finalObservations().row(0).sameBytes(steps.row(0).observation())).isTrue();
      assertThat(steps.finalInfos().row(0).sameBytes(steps.row(0).info())).isTrue();

      envs.actions().row(0).setLong(99); // illegal, and never looked at
      envs.step();

      assertThat(steps.ended(0)).isFalse();
      assertThat(steps.reward(0)).isZero();
      assertThat(count(steps.row(0).observation())).isZero();
      assertThat(draw(steps.row(0).observation())).isEqualTo(draws.get(1));
      envs.actions().row(0).setLong(3);
      envs.step();
      assertThat(count(steps.row(0).observation())).isEqualTo(1);
    }
  }

  @Test
  void disabledRefusesToStepAnEndedRowUntilItIsResetByMask() {
    try (VectorEnvironment envs = vector(2, 1, AutoresetMode.DISABLED)) {
      StepBatch steps = envs.reset(Reset.seeded(7));
      act(envs, 3);
      envs.step();
      envs.step(); // row 0 ends
      assertThat(steps.terminated(0)).isTrue();
      assertThat(count(steps.row(0).observation())).isEqualTo(2);
      assertThat(steps.finalObservations().row(0).sameBytes(steps.row(0).observation())).isTrue();
      assertThatThrownBy(envs::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("row 0")
          .hasMessageContaining("has ended");
      assertThat(count(steps.row(1).observation())).isEqualTo(2); // no row was stepped

      envs.reset(Reset.unseeded(), new boolean[] {true, false});

      assertThat(draw(steps.row(0).observation())).isEqualTo(draws(7, 2).get(1));
      assertThat(steps.ended(0)).isFalse();
      assertThat(count(steps.row(1).observation())).isEqualTo(2); // kept
      assertThat(steps.reward(1)).isEqualTo(2);
      envs.step();
      assertThat(count(steps.row(0).observation())).isEqualTo(1);
      assertThat(count(steps.row(1).observation())).isEqualTo(3);
    }
  }

  @Test
  void unseededFirstResetsDifferByRow() {
    try (VectorEnvironment envs = vector(3, 2, AutoresetMode.SAME_STEP)) {
      StepBatch steps = envs.reset(Reset.unseeded());

      for (int row = 0; row < 3; row++) {
        assertThat(draw(steps.row(row).observation())).isEqualTo(draws(row, 1).getFirst());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AutoresetMode.class)
  void steppingBeforeAResetIsRefused(AutoresetMode mode) {
    try (VectorEnvironment envs = vector(2, 1, mode)) {
      assertThatThrownBy(envs::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("row 0")
          .hasMessageContaining("never reset");
      envs.reset(Reset.seeded(1), new boolean[] {true, false});
      assertThatThrownBy(envs::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("row 1");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theFailureOfTheLowestRowSurfacesWithItsRowAndTheOthersAreStepped(int threads) {
    try (VectorEnvironment envs = vector(4, threads, AutoresetMode.SAME_STEP)) {
      StepBatch steps = envs.reset(Reset.seeded(1));
      act(envs, 1);
      envs.actions().row(1).setLong(-1);
      envs.actions().row(3).setLong(77);
      assertThatThrownBy(envs::step)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("row 1: expected an action in Discrete(5), got -1")
          .hasCauseInstanceOf(IllegalArgumentException.class);
      assertThat(count(steps.row(2).observation())).isEqualTo(1);
      act(envs, 1);
      assertThatThrownBy(envs::step)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("row 1")
          .hasMessageContaining("has failed");

      envs.reset(Reset.unseeded(), new boolean[] {false, true, false, true});
      envs.step();

      assertThat(count(steps.row(1).observation())).isEqualTo(1);
      assertThat(count(steps.row(2).observation())).isEqualTo(2);
    }
  }

  @Test
  void wrongRequestsAreRefused() {
    assertThatThrownBy(() -> new ParallelVectorEnvironment(List.of(), 1, AutoresetMode.SAME_STEP))
        .isInstanceOf(IllegalArgumentException.class);
    Environment other = new org.umwelt.envs.wrappers.FrameStack(new CountingEnvironment(2), 2);
    assertThatThrownBy(() ->
            new ParallelVectorEnvironment(
                List.of(new CountingEnvironment(2), other), 1, AutoresetMode.SAME_STEP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 1");
    try (VectorEnvironment envs = vector(2, 1, AutoresetMode.SAME_STEP)) {
      assertThatThrownBy(() -> envs.reset(Reset.unseeded(), new boolean[3]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("length 2, got 3");
    }
  }

  @Test
  void closingTwiceClosesEachEnvironmentOnceAndRefusesSteps() {
    CountingEnvironment inner = new CountingEnvironment(2);
    VectorEnvironment envs =
        new ParallelVectorEnvironment(List.of(inner), 1, AutoresetMode.SAME_STEP);
    envs.close();
    envs.close();

    assertThat(inner.timesClosed()).isEqualTo(1);
    assertThatThrownBy(() -> envs.reset(Reset.unseeded()))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(AutoresetMode.class)
  void resultsDoNotDependOnTheNumberOfThreads(AutoresetMode mode) {
    assertThat(digest(3, mode)).isEqualTo(digest(1, mode)).isEqualTo(digest(2, mode));
  }

  private static List<Long> digest(int threads, AutoresetMode mode) {
    List<Long> digest = new ArrayList<>();
    RandomStream random = new RandomStream(3);
    try (VectorEnvironment envs = vector(7, threads, mode)) {
      StepBatch steps = envs.reset(Reset.seeded(5));
      for (int t = 0; t < 500; t++) {
        if (mode == AutoresetMode.DISABLED) {
          boolean[] ended = new boolean[7];
          for (int row = 0; row < 7; row++) {
            ended[row] = steps.ended(row);
          }
          envs.reset(Reset.unseeded(), ended);
        }
        for (int row = 0; row < 7; row++) {
          envs.singleActionSpace().sample(random, envs.actions().row(row));
        }
        envs.step();
        for (int row = 0; row < 7; row++) {
          digest.add(draw(steps.row(row).observation()));
          digest.add(count(steps.row(row).observation()));
          digest.add((long) steps.reward(row));
          digest.add(steps.ended(row) ? 1L : 0L);
          digest.add(draw(steps.finalObservations().row(row)));
        }
      }
    }
    return digest;
  }

  @Test
  void theTransitionFilterFindsTheSameTransitionsUnderEveryMode() {
    int perRow = 40;
    List<List<String>> expected = transitions(AutoresetMode.SAME_STEP, perRow);

    assertThat(expected).allSatisfy(row -> assertThat(row).hasSize(perRow));
    assertThat(transitions(AutoresetMode.NEXT_STEP, perRow)).isEqualTo(expected);
    assertThat(transitions(AutoresetMode.DISABLED, perRow)).isEqualTo(expected);
  }

  /** The first transitions of each row; the action of a row is a function of how many it has. */
  private static List<List<String>> transitions(AutoresetMode mode, int perRow) {
    List<List<String>> transitions =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (VectorEnvironment envs = vector(3, 1, mode)) {
      TransitionFilter filter = new TransitionFilter(mode, 3);
      StepBatch steps = envs.reset(Reset.seeded(5));
      filter.afterReset(null);
      while (transitions.stream().anyMatch(row -> row.size() < perRow)) {
        for (int row = 0; row < 3; row++) {
          envs.actions().row(row).setLong(transitions.get(row).size() % 5);
        }
        envs.step();
        boolean[] isTransition = filter.afterStep(steps);
        boolean[] ended = new boolean[3];
        for (int row = 0; row < 3; row++) {
          ended[row] = steps.ended(row);
          if (isTransition[row] && transitions.get(row).size() < perRow) {
            Value next = TransitionFilter.nextObservation(steps, row);
            transitions
                .get(row)
                .add(
                    "%d %d %s %s"
                        .formatted(draw(next), count(next), steps.reward(row), steps.ended(row)));
          }
        }
        if (mode == AutoresetMode.DISABLED) {
          envs.reset(Reset.unseeded(), ended);
          filter.afterReset(ended);
        }
      }
    }
    return transitions;
  }

  @Test
  void aMaskedResetBetweenEndAndNextStepMakesTheNextStepATransition() {
    try (VectorEnvironment envs = vector(2, 1, AutoresetMode.NEXT_STEP)) {
      TransitionFilter filter = new TransitionFilter(AutoresetMode.NEXT_STEP, 2);
      envs.reset(Reset.seeded(1));
      filter.afterReset(null);
      act(envs, 0);
      envs.step();
      filter.afterStep(envs.steps());
      envs.step();
      filter.afterStep(envs.steps());
      assertThat(envs.steps().ended(0)).isTrue();
      boolean[] mask = {true, false};
      envs.reset(Reset.unseeded(), mask);
      filter.afterReset(mask);

      envs.step();

      assertThat(filter.afterStep(envs.steps())).containsExactly(true, true);
      assertThat(count(envs.steps().row(0).observation())).isEqualTo(1);
    }
  }
}
