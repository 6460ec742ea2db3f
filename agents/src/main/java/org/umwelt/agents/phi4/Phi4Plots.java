package org.umwelt.agents.phi4;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.umwelt.agents.plots.Plot;
import org.umwelt.physics.lattice.Observables;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;
import org.umwelt.physics.statistics.Histogram;

/** The pictures of a sampling. */
final class Phi4Plots {
  private static final int HISTORIES = 2; // chains that are shown
  private static final int HISTORY_POINTS = 500;
  private static final int BINS = 60;
  private static final int LEAST_SEPARATIONS = 10;
  private static final int WINDOWS = 2; // separations shown, in windows of the slowest mean

  private final Phi4Config config;
  private final Observables observables;
  private final Map<String, Estimate> estimates;

  Phi4Plots(Phi4Config config, Observables observables, Map<String, Estimate> estimates) {
    this.config = config;
    this.observables = observables;
    this.estimates = estimates;
  }

  void write(Path folder) throws IOException {
    double[][] m = observables.series("M", 0);
    history(m).write(folder.resolve("history.png"));
    autocorrelation(m).write(folder.resolve("autocorrelation.png"));
    magnetisation(m).write(folder.resolve("magnetisation.png"));
    twoPoint().write(folder.resolve("two-point.png"));
  }

  private String title(String what) {
    return "%s, phi^4 on %s, %s".formatted(what, config.lattice(), config.sampler());
  }

  private Plot history(double[][] m) {
    Plot plot = new Plot(title("Magnetisation"), "sweep", "M");
    int every = Math.max(1, m[0].length / HISTORY_POINTS);
    int count = m[0].length / every;
    plot.between(0, config.sweeps());
    double[] sweeps = new double[count];
    for (int i = 0; i < count; i++) {
      sweeps[i] = ((double) i * every + 1) * config.measureEvery();
    }
    for (int chain = 0; chain < Math.min(HISTORIES, m.length); chain++) {
      double[] series = m[chain];
      double[] values = IntStream.range(0, count).mapToDouble(i -> series[i * every]).toArray();
      plot.curve("chain " + chain, sweeps, values);
    }
    return plot;
  }

  private Plot autocorrelation(double[][] m) {
    Plot plot = new Plot(title("Autocorrelation"), "separation in sweeps", "rho");
    int window =
        Math.max(
            LEAST_SEPARATIONS,
            WINDOWS * Math.max(estimate("M^2").window(), estimate("phi^2").window()));
    int upTo = Math.min(window, m[0].length - 1);
    double[] separations =
        IntStream.rangeClosed(0, upTo)
            .mapToDouble(t -> (double) t * config.measureEvery())
            .toArray();
    plot.between(0, rounded((double) upTo * config.measureEvery()));
    plot.curve("M", separations, GammaMethod.autocorrelation(upTo, m));
    double[][] squares =
        Arrays.stream(m)
            .map(chain -> Arrays.stream(chain).map(one -> one * one).toArray())
            .toArray(double[][]::new);
    plot.curve("M^2", separations, GammaMethod.autocorrelation(upTo, squares));
    plot.curve(
        "phi^2", separations, GammaMethod.autocorrelation(upTo, observables.series("phi^2", 0)));
    return plot;
  }

  private Plot magnetisation(double[][] m) {
    Plot plot = new Plot(title("Histogram of M"), "M", "density").withoutLegend();
    Histogram histogram = Histogram.symmetric(BINS, m);
    // Steps, as a histogram is drawn.
    double[] densities = histogram.densities();
    double[] x = new double[2 * BINS + 2];
    double[] y = new double[2 * BINS + 2];
    for (int bin = 0; bin <= BINS; bin++) {
      x[2 * bin] = histogram.edge(bin);
      x[2 * bin + 1] = x[2 * bin];
      y[2 * bin + 1] = bin < BINS ? densities[bin] : 0;
      y[2 * bin] = bin > 0 ? densities[bin - 1] : 0;
    }
    return plot.between(histogram.low(), histogram.high()).curve("M", x, y);
  }

  /** Returns the next number of one digit, or of half a digit more. */
  private static double rounded(double value) {
    double unit = Math.pow(10, Math.floor(Math.log10(value))) / 2;
    return Math.ceil(value / unit) * unit;
  }

  private Plot twoPoint() {
    Plot plot = new Plot(title("Two-point function"), "distance", "correlation").logarithmic();
    add(plot, "G(r), sites on an axis", "G(%d)");
    add(plot, "C(t), slices", "C(%d)");
    return plot;
  }

  private void add(Plot plot, String name, String pattern) {
    int distances = config.lattice().length(0) / 2 + 1;
    double[] r = IntStream.range(0, distances).mapToDouble(i -> i).toArray();
    double[] values = new double[distances];
    double[] errors = new double[distances];
    for (int i = 0; i < distances; i++) {
      Estimate one = estimate(pattern.formatted(i));
      values[i] = one.value();
      errors[i] = one.error();
    }
    plot.points(name, r, values, errors);
  }

  private Estimate estimate(String name) {
    return Objects.requireNonNull(estimates.get(name), name);
  }
}
