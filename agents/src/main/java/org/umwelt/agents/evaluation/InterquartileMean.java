package org.umwelt.agents.evaluation;

import java.util.Arrays;
import org.umwelt.kernels.random.RandomStream;

/**
 * The inter-quartile mean: the mean of the middle half.
 *
 * <p>Agarwal et al., "Deep reinforcement learning at the edge of the statistical precipice",
 * NeurIPS 2021 (arXiv 2108.13264), section 4.3. Of n sorted values floor(n / 4) are removed at each
 * end, as {@code scipy.stats.trim_mean(x, 0.25)} does.
 */
public final class InterquartileMean {
  /** How often the bootstrap draws. */
  public static final int RESAMPLES = 2000;

  private static final double CONFIDENCE = 0.95;
  private static final long BOOTSTRAP_STREAM = 0x424F_4F54L;

  private InterquartileMean() {}

  /**
   * Returns the inter-quartile mean.
   *
   * @param values in any order, at least one
   */
  public static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int[] once = new int[sorted.length];
    Arrays.fill(once, 1);
    return of(sorted, once);
  }

  /**
   * Returns the ends of the 95 % percentile-bootstrap interval.
   *
   * @param seed of the resampling, which depends on nothing else
   */
  public static Interval interval(double[] values, long seed) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    RandomStream random = new RandomStream(seed, BOOTSTRAP_STREAM);
    int n = sorted.length;
    int[] counts = new int[n];
    double[] means = new double[RESAMPLES];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      Arrays.fill(counts, 0);
      for (int draw = 0; draw < n; draw++) {
        counts[random.nextInt(n)]++;
      }
      means[resample] = of(sorted, counts);
    }
    Arrays.sort(means);
    return new Interval(
        percentile(means, (1 - CONFIDENCE) / 2), percentile(means, (1 + CONFIDENCE) / 2));
  }

  /**
   * Returns the inter-quartile mean of a sample that holds value i of the sorted ones counts[i]
   * times.
   */
  private static double of(double[] sorted, int[] counts) {
    int n = sorted.length;
    int cut = n / 4;
    int rank = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      int from = Math.max(rank, cut);
      rank += counts[i];
      int to = Math.min(rank, n - cut);
      if (to > from) {
        sum += sorted[i] * (to - from);
      }
    }
    return sum / (n - 2 * cut);
  }

  /**
   * Returns a percentile with linear interpolation between ranks, as numpy's default.
   *
   * @param sorted ascending
   * @param fraction in [0, 1]
   */
  public static double percentile(double[] sorted, double fraction) {
    double rank = fraction * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  /**
   * An interval of real numbers.
   *
   * @param low its lower end
   * @param high its upper end
   */
  public record Interval(double low, double high) {}
}
