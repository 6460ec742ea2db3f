package org.umwelt.agents.report;

import java.util.Arrays;
import java.util.List;

/**
 * The normalised scores of one agent.
 *
 * @param scores of every run, [environments][runs]; at least one environment, at least one run each
 */
public record Scores(double[][] scores) {
  /** Checks and copies the scores. */
  public Scores {
    if (scores.length == 0 || Arrays.stream(scores).anyMatch(runs -> runs.length == 0)) {
      throw new IllegalArgumentException("expected at least one run in every environment");
    }
    scores = Arrays.stream(scores).map(double[]::clone).toArray(double[][]::new);
  }

  /** A figure of an agent's scores. */
  @FunctionalInterface
  public interface Figure {
    /**
     * Computes it.
     *
     * @param scores [environments][runs]
     */
    double of(double[][] scores);
  }

  /** The figures reports show, by name. */
  public static final List<Named> FIGURES =
      List.of(
          new Named("Median", Scores::median),
          new Named("IQM", Scores::interquartileMean),
          new Named("Mean", Scores::mean),
          new Named("Optimality gap", Scores::optimalityGap));

  /** A figure and its name. */
  public record Named(String name, Figure figure) {}

  /** Returns the mean of the environments' means. */
  static double mean(double[][] scores) {
    return Arrays.stream(scores).mapToDouble(Scores::meanOf).average().orElseThrow();
  }

  /** Returns the median of the environments' means. */
  static double median(double[][] scores) {
    double[] means = Arrays.stream(scores).mapToDouble(Scores::meanOf).sorted().toArray();
    int middle = means.length / 2;
    return means.length % 2 == 1 ? means[middle] : (means[middle - 1] + means[middle]) / 2;
  }

  /** Returns the mean of the middle half of all runs; section 4.3. */
  static double interquartileMean(double[][] scores) {
    double[] all = Arrays.stream(scores).flatMapToDouble(Arrays::stream).sorted().toArray();
    int cut = all.length / 4;
    return Arrays.stream(all, cut, all.length - cut).average().orElseThrow();
  }

  /** Returns how far runs are from 1 in the mean, those above counting as 1; section 4.3. */
  static double optimalityGap(double[][] scores) {
    double sum = 0;
    long count = 0;
    for (double[] runs : scores) {
      for (double score : runs) {
        sum += Math.min(score, 1);
        count++;
      }
    }
    return 1 - sum / count;
  }

  /** Returns the share of runs above a score, in the mean over environments; section 4.2. */
  static double shareAbove(double[][] scores, double threshold) {
    return Arrays.stream(scores)
        .mapToDouble(runs ->
            (double) Arrays.stream(runs).filter(score -> score > threshold).count() / runs.length)
        .average()
        .orElseThrow();
  }

  /**
   * Returns the probability that a run of one agent beats a run of another in the same environment,
   * equal ones counting half; the mean over environments. Section 4.3, with Mann and Whitney's U.
   *
   * @param these [environments][runs]
   * @param those of the other agent, in the same environments
   */
  static double probabilityOfImprovement(double[][] these, double[][] those) {
    double sum = 0;
    for (int task = 0; task < these.length; task++) {
      double[] sorted = those[task].clone();
      Arrays.sort(sorted);
      double wins = 0;
      for (double score : these[task]) {
        wins += (firstNotBelow(sorted, score) + firstAbove(sorted, score)) / 2.0;
      }
      sum += wins / ((double) these[task].length * sorted.length);
    }
    return sum / these.length;
  }

  private static int firstNotBelow(double[] sorted, double value) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int firstAbove(double[] sorted, double value) {
    int index = firstNotBelow(sorted, value);
    return index < sorted.length && sorted[index] == value
        ? firstNotBelow(sorted, Math.nextUp(value))
        : index;
  }

  private static double meanOf(double[] runs) {
    return Arrays.stream(runs).average().orElseThrow();
  }
}
