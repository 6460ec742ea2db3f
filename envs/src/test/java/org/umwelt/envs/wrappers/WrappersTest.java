package org.umwelt.envs.wrappers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.envs.CountingEnvironment;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Value;

class WrappersTest {
  private static long count(Step step, int index) {
    return step.observation().tensor().getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  private static Value action(Environment environment, long number) {
    Value action = Value.allocate(environment.actionSpace());
    action.setLong(number);
    return action;
  }

  @Test
  void timeLimitTruncatesAtItsLastStepAndThenRefuses() {
    TimeLimit limited = new TimeLimit(new CountingEnvironment(10), 3);
    Step step = Step.allocate(limited);
    Value action = action(limited, 2);
    for (int episode = 0; episode < 2; episode++) {
      limited.reset(Reset.seeded(1), step);
      for (int t = 1; t <= 3; t++) {
        limited.step(action, step);
        assertThat(step.reward()).isEqualTo(1);
        assertThat(step.terminated()).isFalse();
        assertThat(step.truncated()).isEqualTo(t == 3);
      }
      assertThatThrownBy(() -> limited.step(action, step))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("3 steps");
    }
  }

  @Test
  void aTerminalStepAtTheLimitHasBothFlags() {
    TimeLimit limited = new TimeLimit(new CountingEnvironment(2), 2);
    Step step = Step.allocate(limited);
    limited.reset(Reset.seeded(1), step);
    limited.step(action(limited, 0), step);
    limited.step(action(limited, 0), step);

    assertThat(step.terminated()).isTrue();
    assertThat(step.truncated()).isTrue();
  }

  @Test
  void rewardsAreClippedToTheirSign() {
    // The counting environment rewards with action - 1.
    assertThat(rewards(RewardClip.sign(new CountingEnvironment(9))))
        .containsExactly(-1.0, 0.0, 1.0, 1.0, 1.0);
  }

  @Test
  void rewardsAreClippedToARange() {
    assertThat(rewards(RewardClip.range(new CountingEnvironment(9), -0.5, 2)))
        .containsExactly(-0.5, 0.0, 1.0, 2.0, 2.0);
    assertThatThrownBy(() -> RewardClip.range(new CountingEnvironment(9), 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Double> rewards(Environment environment) {
    Step step = Step.allocate(environment);
    environment.reset(Reset.seeded(1), step);
    List<Double> rewards = new ArrayList<>();
    for (int number = 0; number < 5; number++) {
      environment.step(action(environment, number), step);
      rewards.add(step.reward());
    }
    return rewards;
  }

  @Test
  void statisticsRunAlongTheEpisodeAndLeaveTheInnerInfoAlone() {
    RecordStatistics recorded = new RecordStatistics(new CountingEnvironment(3));
    assertThat(recorded.infoSpace().spaces().keySet())
        .containsExactly("action", "x", "episode_return", "episode_length");
    Step step = Step.allocate(recorded);
    for (int episode = 0; episode < 2; episode++) {
      recorded.reset(Reset.unseeded(), step);
      assertThat(step.info().scalar(2)).isZero();
      assertThat(step.info().scalar(3)).isZero();
      double sum = 0;
      for (int t = 1; t <= 3; t++) {
        recorded.step(action(recorded, t), step);
        sum += t - 1;
        assertThat(step.info().scalar(0)).isEqualTo(t);
        assertThat(step.info().scalar(1)).isEqualTo(0.5);
        assertThat(step.info().scalar(2)).isEqualTo(sum);
        assertThat(step.info().scalar(3)).isEqualTo(t);
      }
    }
  }

  @Test
  void framesAreStackedOldestFirstAndStartAsTheFirstOne() {
    FrameStack stacked = new FrameStack(new CountingEnvironment(9), 3);
    assertThat(stacked.observationSpace()).isEqualTo(Box.of(DType.INT64, 0, 1 << 30, 3, 2));
    Step step = Step.allocate(stacked);
    for (int episode = 0; episode < 2; episode++) {
      stacked.reset(Reset.seeded(4), step);
      long draw = count(step, 0);
      assertThat(longs(step)).containsExactly(draw, 0, draw, 0, draw, 0);
      stacked.step(action(stacked, 3), step);
      assertThat(longs(step)).containsExactly(draw, 0, draw, 0, draw, 1);
      assertThat(step.reward()).isEqualTo(2);
      assertThat(step.info().scalar(0)).isEqualTo(3);
      stacked.step(action(stacked, 0), step);
      stacked.step(action(stacked, 0), step);
      stacked.step(action(stacked, 0), step);
      assertThat(longs(step)).containsExactly(draw, 2, draw, 3, draw, 4);
    }
  }

  @Test
  void aStackOfBoundsPerElementRepeatsThem() {
    Environment bounded =
        new CountingEnvironment(1) {
          @Override
          public Box observationSpace() {
            return new Box(DType.INT64, List.of(2), List.of(0.0, 1.0), List.of(5.0, 6.0));
          }
        };

    assertThat(new FrameStack(bounded, 2).observationSpace())
        .isEqualTo(
            new Box(
                DType.INT64,
                List.of(2, 2),
                List.of(0.0, 1.0, 0.0, 1.0),
                List.of(5.0, 6.0, 5.0, 6.0)));
  }

  private static long[] longs(Step step) {
    return step.observation().tensor().toArray(ValueLayout.JAVA_LONG);
  }

  @Test
  void actionsStickWithTheGivenProbabilityFromTheSecondStepOn() {
    int steps = 20_000;
    StickyAction sticky = new StickyAction(new CountingEnvironment(steps), 0.25);
    Step step = Step.allocate(sticky);
    sticky.reset(Reset.seeded(11), step);
    int repeated = 0;
    long before = -1;
    for (int t = 0; t < steps; t++) {
      long asked = t % 5; // always differs from the one before
      sticky.step(action(sticky, asked), step);
      long taken = (long) step.info().scalar(0);
      if (t == 0) {
        assertThat(taken).isEqualTo(asked);
      } else if (taken != asked) {
        assertThat(taken).isEqualTo(before);
        repeated++;
      }
      before = taken;
    }

    // A repeat of an action asked for again is not seen: p * P(before != asked) <= 0.25. Before is
    // the asked one of j steps ago with probability 0.75 * 0.25^(j-1), and equals it for j = 5,
    // 10..
    double seen = 0.25 * (1 - 0.75 * Math.pow(0.25, 4) / (1 - Math.pow(0.25, 5)));
    double standardError = Math.sqrt(seen * (1 - seen) / steps);
    assertThat(repeated / (double) steps)
        .isBetween(seen - 5 * standardError, seen + 5 * standardError);
  }

  @Test
  void sticksAlikeAfterTheSameSeedAndOtherwiseNot() {
    StickyAction sticky = new StickyAction(new CountingEnvironment(1000), 0.5);

    List<Double> first = taken(sticky, Reset.seeded(1));
    List<Double> goesOn = taken(sticky, Reset.unseeded());
    List<Double> again = taken(sticky, Reset.seeded(1));

    assertThat(again).isEqualTo(first).isNotEqualTo(goesOn);
  }

  private static List<Double> taken(Environment environment, Reset reset) {
    Step step = Step.allocate(environment);
    environment.reset(reset, step);
    List<Double> taken = new ArrayList<>();
    for (int t = 0; t < 200; t++) {
      environment.step(action(environment, t % 5), step);
      taken.add(step.info().scalar(0));
    }
    return taken;
  }

  @Test
  void anIllegalActionIsRefusedEvenWhereTheLastOneWouldHaveBeenRepeated() {
    StickyAction sticky = new StickyAction(new CountingEnvironment(1000), 0.999);
    Step step = Step.allocate(sticky);
    sticky.reset(Reset.seeded(1), step);
    sticky.step(action(sticky, 1), step);

    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> sticky.step(action(sticky, 5), step))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  static Stream<Named<UnaryOperator<Environment>>> wrappers() {
    return Stream.of(
        Named.of("TimeLimit", inner -> new TimeLimit(inner, 7)),
        Named.of("RewardClip", RewardClip::sign),
        Named.of("RecordStatistics", RecordStatistics::new),
        Named.of("StickyAction", inner -> new StickyAction(inner, 0.5)),
        Named.of("FrameStack", inner -> new FrameStack(inner, 3)),
        Named.of(
            "all",
            inner ->
                new RecordStatistics(
                    new FrameStack(
                        RewardClip.sign(new TimeLimit(new StickyAction(inner, 0.5), 7)), 3))));
  }

  @ParameterizedTest
  @MethodSource("wrappers")
  void aFreshOneContinuesFromTheStateOfAnother(UnaryOperator<Environment> wrap) {
    Environment original = wrap.apply(new CountingEnvironment(9));
    Environment fresh = wrap.apply(new CountingEnvironment(9));
    Step expected = Step.allocate(original);
    Step found = Step.allocate(fresh);
    original.reset(Reset.seeded(5), expected);
    for (int t = 0; t < 4; t++) {
      original.step(action(original, t), expected);
    }

    fresh.restoreState(original.saveState());

    for (int t = 0; t < 40; t++) {
      if (expected.ended()) {
        original.reset(Reset.unseeded(), expected);
        fresh.reset(Reset.unseeded(), found);
      } else {
        original.step(action(original, t % 5), expected);
        fresh.step(action(fresh, t % 5), found);
      }
      assertThat(found.observation().sameBytes(expected.observation())).isTrue();
      assertThat(found.info().sameBytes(expected.info())).isTrue();
      assertThat(found.reward()).isEqualTo(expected.reward());
      assertThat(found.ended()).isEqualTo(expected.ended());
    }
  }

  @ParameterizedTest
  @MethodSource("wrappers")
  void closesWhatItWraps(UnaryOperator<Environment> wrap) {
    CountingEnvironment inner = new CountingEnvironment(1);

    wrap.apply(inner).close();

    assertThat(inner.timesClosed()).isEqualTo(1);
  }

  @Test
  void senselessParametersAreRefused() {
    assertThatThrownBy(() -> new TimeLimit(new CountingEnvironment(1), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FrameStack(new CountingEnvironment(1), 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new StickyAction(new CountingEnvironment(1), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
