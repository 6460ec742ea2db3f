package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.umwelt.physics.statistics.Autocorrelation;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.Histogram;

/**
 * What the latest measurements of chains that still run say.
 *
 * @param total measurements of each chain since the start
 * @param kept how many of them, the latest, the rest is computed from
 * @param means by the names of {@link ObservableMeans}: |M|, chi, U4, xi2, action, phi^2
 * @param magnetisation histogram of M
 * @param autocorrelations of M, M^2 and phi^2
 * @param twoPoint G(r) along an axis, from r = 0; empty where it was not measured
 * @param slices C(t), from t = 0
 */
public record RunningEstimates(
    long total,
    int kept,
    SequencedMap<String, Estimate> means,
    Histogram magnetisation,
    SequencedMap<String, Autocorrelation> autocorrelations,
    List<Estimate> twoPoint,
    List<Estimate> slices) {
  private static final List<String> MEANS = List.of("|M|", "chi", "U4", "xi2", "action", "phi^2");
  private static final int BINS = 60;
  private static final int LEAST_SEPARATIONS = 10;
  private static final int MOST_SEPARATIONS = 200;

  /** Numbers of one quantity that are worth keeping: more would be summed for seconds. */
  private static final int MOST_NUMBERS = 1 << 15;

  private static final int MOST_MEASUREMENTS = 1 << 13;
  private static final int LEAST_MEASUREMENTS = 1 << 8;

  /** Returns how many measurements to keep of each of so many chains. */
  public static int measurementsToKeep(int chains) {
    return Math.clamp(MOST_NUMBERS / chains, LEAST_MEASUREMENTS, MOST_MEASUREMENTS);
  }

  /**
   * Computes everything; takes up to seconds where the autocorrelation is long.
   *
   * @param series at least 2 measurements, which nobody adds to
   * @throws InterruptedException soon after the thread is interrupted
   */
  public static RunningEstimates of(MeasurementSeries series, Lattice lattice, Phi4 action)
      throws InterruptedException {
    ObservableMeans all = new ObservableMeans(series, lattice, action);
    SequencedMap<String, Estimate> means = new LinkedHashMap<>();
    for (String name : MEANS) {
      means.put(name, estimate(all, name));
    }
    double[][] m = series.of("M", 0);
    SequencedMap<String, Autocorrelation> autocorrelations = new LinkedHashMap<>();
    autocorrelations.put("M", autocorrelation(m));
    autocorrelations.put("M^2", autocorrelation(series.of("M", 0, one -> one * one)));
    autocorrelations.put("phi^2", autocorrelation(series.of("phi^2", 0)));
    List<Estimate> twoPoint = new ArrayList<>();
    List<Estimate> slices = new ArrayList<>();
    for (String name : all.names()) {
      if (name.startsWith("G(")) {
        twoPoint.add(estimate(all, name));
      } else if (name.startsWith("C(")) {
        slices.add(estimate(all, name));
      }
    }
    return new RunningEstimates(
        series.total(),
        series.count(),
        means,
        Histogram.symmetric(BINS, m),
        autocorrelations,
        List.copyOf(twoPoint),
        List.copyOf(slices));
  }

  private static Estimate estimate(ObservableMeans all, String name) throws InterruptedException {
    stopWhereInterrupted();
    return all.of(name);
  }

  private static Autocorrelation autocorrelation(double[][] series) throws InterruptedException {
    stopWhereInterrupted();
    return Autocorrelation.of(LEAST_SEPARATIONS, MOST_SEPARATIONS, series);
  }

  private static void stopWhereInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
