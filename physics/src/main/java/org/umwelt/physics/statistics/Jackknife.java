package org.umwelt.physics.statistics;

import java.util.function.ToDoubleFunction;

/**
 * The blocked jackknife: a function of means with its error, each block of measurements left out
 * once. Blocks must be much longer than the autocorrelation time.
 */
public final class Jackknife {
  private Jackknife() {}

  /**
   * A function of means.
   *
   * @param value of the means over everything, its bias of order 1/n removed
   * @param error standard error
   * @param blocks how many there were
   */
  public record Result(double value, double error, int blocks) {}

  /**
   * Computes a function of the means of several observables.
   *
   * @param function of the means
   * @param block measurements in a block; what is left over at the end of a chain is not used
   * @param observables for each observable, one series per chain
   */
  public static Result of(
      ToDoubleFunction<double[]> function, int block, double[][]... observables) {
    int perChain = observables[0][0].length / block;
    int chains = observables[0].length;
    int blocks = perChain * chains;
    if (blocks < 2) {
      throw new IllegalArgumentException(
          "expected at least 2 blocks of %d measurements, got %d chains of %d"
              .formatted(block, chains, observables[0][0].length));
    }
    int count = observables.length;
    double[][] sums = new double[blocks][count];
    double[] total = new double[count];
    for (int i = 0; i < count; i++) {
      for (int b = 0; b < blocks; b++) {
        double[] chain = observables[i][b / perChain];
        int from = b % perChain * block;
        for (int t = from; t < from + block; t++) {
          sums[b][i] += chain[t];
        }
        total[i] += sums[b][i];
      }
    }
    double all = function.applyAsDouble(means(total, null, (double) blocks * block));
    double[] left = new double[blocks];
    double mean = 0;
    for (int b = 0; b < blocks; b++) {
      left[b] = function.applyAsDouble(means(total, sums[b], (blocks - 1.0) * block));
      mean += left[b] / blocks;
    }
    double squares = 0;
    for (double one : left) {
      squares += (one - mean) * (one - mean);
    }
    return new Result(
        all - (blocks - 1.0) * (mean - all), Math.sqrt((blocks - 1.0) / blocks * squares), blocks);
  }

  private static double[] means(
      double[] total, double @org.jspecify.annotations.Nullable [] without, double samples) {
    double[] means = new double[total.length];
    for (int i = 0; i < total.length; i++) {
      means[i] = (total[i] - (without == null ? 0 : without[i])) / samples;
    }
    return means;
  }
}
