package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.umwelt.envs.Frame;

class PartingTest {
  /** Steps with references 0.1 and 0.5, so that a dream parts beyond 0.3. */
  private static List<Parting.Step> steps(double... distances) {
    return Arrays.stream(distances)
        .mapToObj(distance -> new Parting.Step(distance, 0.1, 0.5, distance < 0.2, true))
        .toList();
  }

  @Test
  void theHorizonIsTheStepsBeforeTheFirstBeyondTheThreshold() {
    Parting parting = Parting.of(steps(0.1, 0.3, 0.31, 0.1), 0.5);
    assertThat(parting.threshold()).isCloseTo(0.3, within(1e-15));
    assertThat(parting.horizon()).isEqualTo(2);
    assertThat(parting.hasParted()).isTrue();
    assertThat(parting.rewardsAgree()).isEqualTo(2);
    assertThat(parting.endsAgree()).isEqualTo(4);
  }

  @Test
  void aDreamThatStaysHasTheHorizonOfItsSteps() {
    Parting parting = Parting.of(steps(0.1, 0.2), 0.5);
    assertThat(parting.horizon()).isEqualTo(2);
    assertThat(parting.hasParted()).isFalse();
    assertThat(Parting.of(steps(0.4), 0.5).horizon()).isZero();
  }

  /** One start state with one future: the same horizon as over many. */
  @Test
  void itIsTheDivergenceOfOne() {
    double[] distances = {0.1, 0.25, 0.2, 0.4, 0.1};
    DivergencePoint point =
        new DivergencePoint(
            1,
            0,
            false,
            Arrays.stream(distances).mapToObj(distance -> new double[] {distance}).toList(),
            Collections.nCopies(5, 0.1),
            Collections.nCopies(5, 0.5),
            Collections.nCopies(5, 0.0),
            Collections.nCopies(5, 1),
            Collections.nCopies(5, 1));
    Divergence many = Divergence.of(List.of(point), 5, 0.4, 1);
    Parting one = Parting.of(steps(distances), 0.4);
    assertThat(one.threshold()).isEqualTo(many.threshold());
    assertThat(one.horizon()).isEqualTo(Divergence.horizon(many.survival(), 0.5)).isEqualTo(1 + 2);
  }

  @Test
  void aStepComparesFramesRewardsAndEnds() {
    Frame black = new Frame(1, 1, new byte[3]);
    Frame grey = new Frame(1, 1, new byte[] {85, 85, 85});
    Frame white = new Frame(1, 1, new byte[] {-1, -1, -1});
    Moment dreamt = new Moment(0, new long[1], grey, 1, false, new float[0]);
    Parting.Step step =
        Parting.Step.of(dreamt, new Dream.Real(black, grey, new long[1], 7, true), white);
    assertThat(step).isEqualTo(new Parting.Step(1 / 3.0, 1 / 3.0, 1, true, false));
  }
}
