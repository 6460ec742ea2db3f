package org.umwelt.agents.runs;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * One metric of a run over its course.
 *
 * @param name as {@code metrics.jsonl} has it
 * @param stepName what is counted: {@code epoch} or {@code episode}
 * @param steps [n], ascending
 * @param seconds [n], since the first line of the run
 * @param values [n], finite
 */
public record MetricSeries(
    String name, String stepName, double[] steps, double[] seconds, double[] values) {
  /** Checks the lengths. */
  public MetricSeries {
    if (steps.length != values.length || seconds.length != values.length) {
      throw new IllegalArgumentException(
          "expected as many steps and seconds as values, got %d, %d, %d"
              .formatted(steps.length, seconds.length, values.length));
    }
  }

  /** Returns a series of points in any order. */
  static MetricSeries sorted(
      String name, String stepName, double[] steps, double[] seconds, double[] values) {
    int[] order =
        IntStream.range(0, steps.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> steps[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    return new MetricSeries(
        name, stepName, pick(steps, order), pick(seconds, order), pick(values, order));
  }

  private static double[] pick(double[] from, int[] places) {
    return Arrays.stream(places).mapToDouble(i -> from[i]).toArray();
  }

  /** Returns how many points there are. */
  public int size() {
    return values.length;
  }

  /**
   * Returns the exponential moving average, corrected for its start as Adam's moments are
   * (arXiv:1412.6980, section 3): m_t = w m_(t-1) + (1 - w) y_t, shown as m_t / (1 - w^t).
   *
   * @param weight w, in [0, 1); 0 changes nothing
   */
  public MetricSeries smoothed(double weight) {
    if (!(weight >= 0 && weight < 1)) {
      throw new IllegalArgumentException("expected a weight in [0, 1), got " + weight);
    }
    if (weight == 0) {
      return this;
    }
    double[] smooth = new double[values.length];
    double mean = 0;
    double decay = 1;
    for (int i = 0; i < values.length; i++) {
      mean = weight * mean + (1 - weight) * values[i];
      decay *= weight;
      smooth[i] = mean / (1 - decay);
    }
    return new MetricSeries(name, stepName, steps, seconds, smooth);
  }

  /**
   * Returns a series that looks the same where it is drawn small: of each of equal stretches of
   * points, the lowest and the highest.
   *
   * @param most points, at least 2; a series that has no more is returned as it is
   */
  public MetricSeries thinned(int most) {
    if (values.length <= most) {
      return this;
    }
    int stretches = Math.max(1, most / 2);
    int[] places = new int[2 * stretches];
    int count = 0;
    for (int stretch = 0; stretch < stretches; stretch++) {
      int begin = (int) ((long) values.length * stretch / stretches);
      int end = (int) ((long) values.length * (stretch + 1) / stretches);
      int low = begin;
      int high = begin;
      for (int i = begin + 1; i < end; i++) {
        low = values[i] < values[low] ? i : low;
        high = values[i] > values[high] ? i : high;
      }
      places[count++] = Math.min(low, high);
      if (low != high) {
        places[count++] = Math.max(low, high);
      }
    }
    int[] kept = Arrays.copyOf(places, count);
    return new MetricSeries(
        name, stepName, pick(steps, kept), pick(seconds, kept), pick(values, kept));
  }
}
