package org.umwelt.agents.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.umwelt.agents.evaluation.InterquartileMean.Interval;

/** Expected figures are those of Python's rliable 1.2 on the same scores. */
final class ScoresTest {
  // [environments][runs]
  private static final double[][] A = {
    {0.55, 0.29, 0.22, -0.43, 0.28},
    {0.45, 0.64, -0.01, 0.41, 0.37},
    {0.76, 1.02, 0.25, 0.0, 0.66},
    {0.54, 0.88, 0.52, 0.21, 0.92}
  };
  private static final double[][] B = {
    {0.25, 0.66, 0.12, 0.24, 0.04},
    {0.85, 0.34, 0.39, 0.52, 0.25},
    {0.03, 0.0, -0.1, 0.39, 0.61},
    {0.44, -0.07, 0.22, 0.44, 0.9}
  };

  @Test
  void figuresAreThoseOfRliable() {
    assertThat(Scores.mean(A)).isCloseTo(0.4265, within(1e-12));
    assertThat(Scores.median(A)).isCloseTo(0.455, within(1e-12));
    assertThat(Scores.interquartileMean(A)).isCloseTo(0.43, within(1e-12));
    assertThat(Scores.optimalityGap(A)).isCloseTo(0.5745, within(1e-12));
    assertThat(Scores.mean(B)).isCloseTo(0.326, within(1e-12));
    assertThat(Scores.median(B)).isCloseTo(0.324, within(1e-12));
    assertThat(Scores.interquartileMean(B)).isCloseTo(0.308, within(1e-12));
    assertThat(Scores.optimalityGap(B)).isCloseTo(0.674, within(1e-12));
  }

  @Test
  void improvementIsThatOfRliableAlsoWhereScoresAreEqual() {
    assertThat(Scores.probabilityOfImprovement(A, B)).isCloseTo(0.635, within(1e-12));
    assertThat(Scores.probabilityOfImprovement(rounded(A), rounded(B)))
        .isCloseTo(0.65, within(1e-12));
    assertThat(
            Scores.probabilityOfImprovement(rounded(A), rounded(B))
                + Scores.probabilityOfImprovement(rounded(B), rounded(A)))
        .isCloseTo(1, within(1e-12));
    assertThat(Scores.probabilityOfImprovement(A, A)).isCloseTo(0.5, within(1e-12));
  }

  private static double[][] rounded(double[][] scores) {
    return Arrays.stream(scores)
        .map(runs -> Arrays.stream(runs).map(score -> Math.rint(score * 10) / 10).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void profilesAreThoseOfRliable() {
    double[] thresholds = {0, 0.2, 0.4, 0.6, 0.8, 1};
    double[] expected = {0.85, 0.85, 0.55, 0.3, 0.15, 0.05};
    for (int i = 0; i < thresholds.length; i++) {
      assertThat(Scores.shareAbove(A, thresholds[i])).isCloseTo(expected[i], within(1e-12));
    }
  }

  /** rliable's ends of 50,000 resamples; 2,000 have them within 0.02 (four standard errors). */
  @Test
  void intervalsAreThoseOfRliable() {
    StratifiedBootstrap bootstrap = new StratifiedBootstrap(1);
    double[][] expected = {{0.281, 0.579}, {0.296, 0.564}, {0.2935, 0.5525}, {0.4495, 0.707}};
    List<Scores.Named> figures = Scores.FIGURES;
    for (int i = 0; i < figures.size(); i++) {
      Interval interval = bootstrap.interval(new Scores(A), figures.get(i).figure());
      assertThat(interval.low()).as(figures.get(i).name()).isCloseTo(expected[i][0], within(0.02));
      assertThat(interval.high()).as(figures.get(i).name()).isCloseTo(expected[i][1], within(0.02));
    }
    Interval improvement =
        bootstrap.interval(
            drawn -> Scores.probabilityOfImprovement(drawn[0], drawn[1]),
            new Scores(A),
            new Scores(B));
    assertThat(improvement.low()).isCloseTo(0.45, within(0.03));
    assertThat(improvement.high()).isCloseTo(0.81, within(0.03));
  }

  @Test
  void oneRunHasNoWidthAndTheSameSeedTheSameInterval() {
    Interval interval =
        new StratifiedBootstrap(3).interval(new Scores(new double[][] {{0.5}, {2}}), Scores::mean);
    assertThat(interval).isEqualTo(new Interval(1.25, 1.25));
    assertThat(new StratifiedBootstrap(3).interval(new Scores(A), Scores::mean))
        .isEqualTo(new StratifiedBootstrap(3).interval(new Scores(A), Scores::mean));
  }
}
