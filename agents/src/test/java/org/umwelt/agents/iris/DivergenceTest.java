package org.umwelt.agents.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.umwelt.envs.Frame;

class DivergenceTest {
  /** A start state with references 0.1 and 0.5, so that futures part beyond 0.3. */
  private static DivergencePoint point(boolean ended, double[]... distances) {
    int steps = distances.length;
    int futures = distances[0].length;
    List<Double> rewards = new ArrayList<>(Collections.nCopies(steps, 0.0));
    rewards.set(steps - 1, 1.0);
    List<Integer> agree = new ArrayList<>(Collections.nCopies(steps, futures));
    agree.set(steps - 1, 0);
    return new DivergencePoint(
        1,
        0,
        ended,
        List.of(distances),
        Collections.nCopies(steps, 0.1),
        Collections.nCopies(steps, 0.5),
        rewards,
        agree,
        Collections.nCopies(steps, futures));
  }

  @Test
  void aDreamThatIsRealityNeverParts() {
    Divergence all =
        Divergence.of(List.of(point(false, new double[] {0, 0}, new double[] {0, 0})), 2, 0.5, 1);
    assertThat(all.survival()).containsExactly(1, 1, 1);
    assertThat(all.low()).containsExactly(1, 1, 1);
    assertThat(all.distance()).containsExactly(0, 0);
    assertThat(Divergence.horizon(all.survival(), 0.5)).isEqualTo(2);
    assertThat(all.rewardsAgree()).isEqualTo(0.5);
    assertThat(all.rewardsFound()).isZero();
    assertThat(all.endsAgree()).isEqualTo(1);
  }

  @Test
  void unrelatedFramesPartAtOnce() {
    Divergence all = Divergence.of(List.of(point(false, new double[] {0.5, 0.5})), 1, 0.5, 1);
    assertThat(all.threshold()).isCloseTo(0.3, within(1e-15));
    assertThat(all.survival()).containsExactly(1, 0);
    assertThat(Divergence.horizon(all.survival(), 0.5)).isZero();
  }

  /** Kaplan and Meier by hand: an episode that ends says only that its futures went further. */
  @Test
  void episodesThatEndAreCensored() {
    List<DivergencePoint> points =
        List.of(
            point(false, new double[] {0.1}, new double[] {0.4}, new double[] {0.2}), // parts at 2
            point(true, new double[] {0.2}), // ends at 1
            point(false, new double[] {0.1}, new double[] {0.1}, new double[] {0.31}), // at 3
            point(false, new double[] {0.1}, new double[] {0.1}, new double[] {0.1}));
    Divergence all = Divergence.of(points, 4, 0.5, 1);
    // 4, 3, 2 and 0 at risk.
    assertThat(all.survival())
        .containsExactly(new double[] {1, 1, 2 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-15));
    assertThat(all.distance()[0]).isCloseTo(0.5 / 4, within(1e-15));
    assertThat(all.distance()[3]).isNaN();
    assertThat(Divergence.horizon(all.survival(), 0.5)).isEqualTo(2);
    for (int t = 0; t <= 4; t++) {
      assertThat(all.low()[t]).isLessThanOrEqualTo(all.survival()[t]);
      assertThat(all.high()[t]).isGreaterThanOrEqualTo(all.survival()[t]);
    }
  }

  @Test
  void theDistanceIsTheMeanOfAbsoluteDifferences() {
    Frame a = new Frame(2, 1, new byte[] {0, (byte) 255, 10, 0, 0, 0});
    Frame b = new Frame(2, 1, new byte[] {(byte) 255, 0, 10, 51, 0, 0});
    assertThat(DivergenceTrainer.distance(a, b)).isCloseTo(2.2 / 6, within(1e-15));
    assertThat(DivergenceTrainer.distance(a, a)).isZero();
  }
}
