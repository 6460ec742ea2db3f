package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;

/**
 * What a set of returns looks like.
 *
 * @param mean arithmetic mean
 * @param std population standard deviation (divided by n, numpy's default)
 * @param iqm inter-quartile mean
 * @param iqmInterval its 95 % bootstrap interval
 * @param median middle value, or the mean of the two
 * @param min smallest
 * @param max largest
 */
public record ReturnStatistics(
    double mean,
    double std,
    double iqm,
    InterquartileMean.Interval iqmInterval,
    double median,
    double min,
    double max) {

  /**
   * Computes them.
   *
   * @param returns at least one, in the order of the episodes
   * @param seed of the bootstrap
   */
  public static ReturnStatistics of(double[] returns, long seed) {
    double[] sorted = returns.clone();
    Arrays.sort(sorted);
    double mean = mean(returns);
    double squares = 0;
    for (double value : returns) {
      squares += (value - mean) * (value - mean);
    }
    return new ReturnStatistics(
        mean,
        Math.sqrt(squares / returns.length),
        InterquartileMean.of(sorted),
        InterquartileMean.interval(sorted, seed),
        InterquartileMean.percentile(sorted, 0.5),
        sorted[0],
        sorted[sorted.length - 1]);
  }

  /** Writes them as every result has them. */
  public void write(ObjectNode node) {
    node.put("mean", mean);
    node.put("std", std);
    node.put("iqm", iqm);
    node.putArray("iqm_ci95").add(iqmInterval.low()).add(iqmInterval.high());
    node.put("median", median);
    node.put("min", min);
    node.put("max", max);
  }

  /** Returns the arithmetic mean of some returns, added in order. */
  public static double mean(double... values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
