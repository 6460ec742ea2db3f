package org.umwelt.viewer.dream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.umwelt.agents.iris.Dream;
import org.umwelt.agents.iris.Moment;
import org.umwelt.agents.iris.Parting;
import org.umwelt.envs.Frame;

final class DreamWordsTest {
  private static final Frame FRAME = new Frame(1, 1, new byte[3]);

  private static DreamState state(
      int steps, DreamState.@Nullable Branch branch, double... distances) {
    List<Moment> moments =
        IntStream.rangeClosed(0, steps)
            .mapToObj(_ -> new Moment(0, new long[1], FRAME, 0, false, new float[0]))
            .toList();
    List<Dream.Real> reality =
        IntStream.rangeClosed(0, distances.length)
            .mapToObj(t -> new Dream.Real(FRAME, FRAME, new long[1], 0, t == distances.length))
            .toList();
    List<Parting.Step> compared =
        Arrays.stream(distances)
            .mapToObj(distance -> new Parting.Step(distance, 0.1, 0.3, true, distance < 0.1))
            .toList();
    return new DreamState(
        List.of(),
        moments,
        reality,
        compared.isEmpty() ? null : Parting.of(compared, 0.5),
        true,
        branch,
        null);
  }

  @Test
  void aDreamThatPartsIsToldWithItsNumbers() {
    DreamState state = state(4, new DreamState.Branch(4, true), 0.05, 0.2, 0.25);
    assertThat(DreamWords.horizon(state)).isEqualTo("Horizon 2 steps");
    assertThat(DreamWords.verdict(state).replace('\u00a0', ' '))
        .isEqualTo(
            "Dream and reality part at step 3: their pixels differ by 25.00 %, limit 20.00 %"
                + " (reconstructions 10.00 %, unrelated frames 30.00 %). Rewards agree at 3 of 3"
                + " steps, ends at 1. Branched: reality went back to step 0 and played the same"
                + " actions.");
  }

  @Test
  void aDreamThatStaysIsToldAsFarAsItWasCompared() {
    DreamState state = state(4, new DreamState.Branch(4, false), 0.05, 0.15);
    assertThat(DreamWords.horizon(state)).isEqualTo("Horizon above 2");
    assertThat(DreamWords.verdict(state).replace('\u00a0', ' '))
        .startsWith("Dream and reality have not parted: their pixels differ by 15.00 % at most")
        .endsWith("Branching: step 2 of 4 ...");
  }

  @Test
  void oneStepIsOne() {
    assertThat(DreamWords.horizon(state(2, null, 0.1, 0.9))).isEqualTo("Horizon 1 step");
    assertThat(DreamWords.horizon(state(2, null))).isEqualTo("Horizon \u2013");
  }

  @Test
  void realityThatEndedOrWaitsIsTold() {
    assertThat(DreamWords.real(state(4, null, 0.1, 0.1), 3, null))
        .isEqualTo("the real episode ended at step 2");
    DreamState waiting =
        new DreamState(
            List.of(),
            state(4, null).moments(),
            List.of(new Dream.Real(FRAME, FRAME, new long[1], 0, false)),
            null,
            true,
            null,
            null);
    assertThat(DreamWords.real(waiting, 3, null)).isEqualTo("reality waits at step 0 for Branch");
  }

  @Test
  void whatIsPredictedIsTold() {
    Moment moment = new Moment(1, new long[1], FRAME, -1, true, new float[0]);
    assertThat(DreamWords.imagined(3, moment, List.of("NOOP", "LEFT")))
        .isEqualTo("LEFT: predicted reward \u22121, END predicted");
    assertThat(DreamWords.tokens(3, 5, true, 2)).isEqualTo("filled: 5 new, framed: 2 unlike real");
  }
}
