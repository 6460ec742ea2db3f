package org.umwelt.agents.iris;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * How long a dream stays with reality.
 *
 * <p>The distance of two frames is the mean absolute difference of their pixels in [0, 1]. It has
 * two references, measured in the same run: the distance of a frame from the tokenizer's own
 * reconstruction of it, below which no dream can be, and that of unrelated frames, which a dream
 * that has lost its way reaches. A future diverges at the first step at which its distance is more
 * than {@code fraction} of the way from the first to the second, taken as means over all steps; its
 * horizon is the steps before that.
 *
 * <p>A real episode that ends, or the last step that is looked at, tells of its futures only that
 * their horizon is longer. The share that is still with reality is therefore estimated as E. L.
 * Kaplan and P. Meier do, J. Am. Stat. Assoc. 53 (1958) 457. Futures of one start state are alike,
 * so intervals come from drawing start states with replacement.
 *
 * @param threshold distance at which a future has diverged
 * @param reconstruction mean distance of reconstructions
 * @param unrelated mean distance of unrelated frames
 * @param survival share of futures that are with reality behind each step; 1 before the first
 * @param low 2.5 % quantile of it, over start states
 * @param high 97.5 % quantile
 * @param distance mean distance at each step
 * @param rewardsAgree share of futures and steps with the sign of the real reward
 * @param rewardsFound the same where that is not 0; NaN where it never was
 * @param endsAgree share of futures and steps that end or go on as the real episode does
 */
record Divergence(
    double threshold,
    double reconstruction,
    double unrelated,
    double[] survival,
    double[] low,
    double[] high,
    double[] distance,
    double rewardsAgree,
    double rewardsFound,
    double endsAgree) {
  private static final int RESAMPLES = 1000;
  private static final double TAIL = 0.025;

  /**
   * Analyses start states.
   *
   * @param points at least one, each with at least one step
   * @param horizon steps that were looked at at most
   * @param fraction of the way between the references, in (0, 1)
   * @param seed of the resampling
   */
  static Divergence of(List<DivergencePoint> points, int horizon, double fraction, long seed) {
    double reconstruction = mean(points.stream().map(DivergencePoint::reconstruction).toList());
    double unrelated = mean(points.stream().map(DivergencePoint::unrelated).toList());
    double threshold = threshold(reconstruction, unrelated, fraction);
    RandomStream random = new RandomStream(seed);
    double[][] resampled = new double[RESAMPLES][];
    for (int i = 0; i < RESAMPLES; i++) {
      List<DivergencePoint> drawn = new ArrayList<>();
      for (int k = 0; k < points.size(); k++) {
        drawn.add(points.get(random.nextInt(points.size())));
      }
      resampled[i] = survival(drawn, horizon, threshold);
    }
    double[] low = new double[horizon + 1];
    double[] high = new double[horizon + 1];
    for (int t = 0; t <= horizon; t++) {
      int step = t;
      double[] sorted = Arrays.stream(resampled).mapToDouble(one -> one[step]).sorted().toArray();
      low[t] = sorted[(int) Math.round(TAIL * (RESAMPLES - 1))];
      high[t] = sorted[(int) Math.round((1 - TAIL) * (RESAMPLES - 1))];
    }
    double[] distance = new double[horizon];
    long[] counted = new long[horizon];
    long agree = 0;
    long found = 0;
    long rewarded = 0;
    long ends = 0;
    long all = 0;
    for (DivergencePoint point : points) {
      for (int t = 0; t < point.steps(); t++) {
        double[] futures = point.distances().get(t);
        distance[t] += Arrays.stream(futures).sum();
        counted[t] += futures.length;
        all += futures.length;
        agree += point.rewardsAgree().get(t);
        ends += point.endsAgree().get(t);
        if (point.rewards().get(t) != 0) {
          found += point.rewardsAgree().get(t);
          rewarded += futures.length;
        }
      }
    }
    for (int t = 0; t < horizon; t++) {
      distance[t] /= counted[t]; // NaN where no episode is so long
    }
    return new Divergence(
        threshold,
        reconstruction,
        unrelated,
        survival(points, horizon, threshold),
        low,
        high,
        distance,
        (double) agree / all,
        (double) found / rewarded,
        (double) ends / all);
  }

  /** Returns the distance at which a future has diverged. */
  static double threshold(double reconstruction, double unrelated, double fraction) {
    return reconstruction + fraction * (unrelated - reconstruction);
  }

  private static double mean(List<List<Double>> all) {
    return all.stream()
        .flatMap(List::stream)
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /** Returns the share that has not diverged behind each step, for 0 to horizon. */
  private static double[] survival(List<DivergencePoint> points, int horizon, double threshold) {
    long[] diverged = new long[horizon + 1];
    long[] atRisk = new long[horizon + 2]; // differences, summed below
    for (DivergencePoint point : points) {
      for (int future = 0; future < point.distances().getFirst().length; future++) {
        int last = point.steps();
        for (int t = 1; t <= point.steps(); t++) {
          if (point.distances().get(t - 1)[future] > threshold) {
            diverged[t]++;
            last = t;
            break;
          }
        }
        atRisk[1]++;
        atRisk[last + 1]--;
      }
    }
    double[] survival = new double[horizon + 1];
    survival[0] = 1;
    long risk = 0;
    for (int t = 1; t <= horizon; t++) {
      risk += atRisk[t];
      survival[t] = survival[t - 1] * (risk > 0 ? 1 - (double) diverged[t] / risk : 1);
    }
    return survival;
  }

  /**
   * Returns how many steps a share of the futures stays with reality: the median horizon for 0.5;
   * the last step that was looked at where more do.
   */
  static int horizon(double[] survival, double share) {
    int steps = 0;
    while (steps + 1 < survival.length && survival[steps + 1] >= share) {
      steps++;
    }
    return steps;
  }
}
