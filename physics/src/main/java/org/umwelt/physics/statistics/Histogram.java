package org.umwelt.physics.statistics;

import java.util.Arrays;

/**
 * How often measurements fell into intervals of one width, from one end to the other.
 *
 * @param low where the first interval begins
 * @param high where the last one ends, above low
 * @param counts how many in each
 */
public record Histogram(double low, double high, long[] counts) {

  /**
   * Counts what is symmetric about 0: the intervals reach as far below as above, to a number of one
   * digit or half a digit more, so that they stay where they are while more is measured.
   *
   * @param bins how many intervals, at least 1
   * @param chains measurements, finite
   */
  public static Histogram symmetric(int bins, double[]... chains) {
    double most = 0;
    for (double[] chain : chains) {
      for (double one : chain) {
        most = Math.max(most, Math.abs(one));
      }
    }
    double end = most > 0 ? rounded(most) : 1;
    long[] counts = new long[bins];
    for (double[] chain : chains) {
      for (double one : chain) {
        counts[Math.clamp((long) Math.floor((one + end) / (2 * end) * bins), 0, bins - 1)]++;
      }
    }
    return new Histogram(-end, end, counts);
  }

  /** Returns the next number of one digit, or of half a digit more. */
  private static double rounded(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(value))) / 2;
    return Math.ceil(value / unit) * unit;
  }

  /** Returns how many intervals there are. */
  public int bins() {
    return counts.length;
  }

  /** Returns how wide an interval is. */
  public double width() {
    return (high - low) / counts.length;
  }

  /** Returns where an interval begins; the end of the last one is that of {@code bins()}. */
  public double edge(int bin) {
    return low + (high - low) * bin / counts.length;
  }

  /** Returns the middles of the intervals. */
  public double[] middles() {
    double[] middles = new double[counts.length];
    Arrays.setAll(middles, bin -> low + (high - low) * (bin + 0.5) / counts.length);
    return middles;
  }

  /** Returns the density in each interval, whose integral is 1; 0 where nothing was counted. */
  public double[] densities() {
    double all = Math.max(1, Arrays.stream(counts).sum()) * width();
    return Arrays.stream(counts).mapToDouble(count -> count / all).toArray();
  }
}
