package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.physics.statistics.Estimate;

/**
 * Measurements of chains and their means, with errors by the Gamma method, also of what is a
 * function of several means.
 *
 * <p>The ensemble is symmetric under phi to -phi, so the mean of the field is never subtracted.
 */
public final class Observables {
  private static final int M = 0;
  private static final int PHI2 = 1;
  private static final int PHI4 = 2;
  private static final int NEIGHBOUR = 3;
  private static final int SCHWINGER_DYSON = 4;
  private static final int STRUCTURE = 5;
  private static final int SLICES = 6; // and on

  private final Chains chains;
  private final WorkerTeam team;
  private final boolean twoPoint;
  private final List<Update.Measured> extras;
  private final int distances; // 0 to half the length of the lattice
  private final int width;
  private final double[] latest; // (chains, width)
  private final MeasurementSeries series;

  /** Prepares the measuring of chains by one thread, without what only some samplers know. */
  public Observables(Chains chains) {
    this(chains, List.of(), false, new WorkerTeam(1));
  }

  /**
   * Prepares the measuring of chains.
   *
   * @param updates that may measure something themselves, see {@link Update#measured}
   * @param twoPoint whether to measure the two-point function, which takes two Fourier transforms
   * @param team measures chains side by side; not closed here
   */
  public Observables(Chains chains, List<Update> updates, boolean twoPoint, WorkerTeam team) {
    this(chains, updates, twoPoint, team, Integer.MAX_VALUE);
  }

  /**
   * Prepares the measuring of chains that may go on for ever.
   *
   * @param updates that may measure something themselves, see {@link Update#measured}
   * @param twoPoint whether to measure the two-point function, which takes two Fourier transforms
   * @param team measures chains side by side; not closed here
   * @param most measurements of each chain that are kept, the latest; at least 2
   */
  public Observables(
      Chains chains, List<Update> updates, boolean twoPoint, WorkerTeam team, int most) {
    this.chains = chains;
    this.team = team;
    this.twoPoint = twoPoint;
    Map<String, Update.Measured> byName = new LinkedHashMap<>(); // the first of a kind
    for (Update update : updates) {
      update.measured().forEach(one -> byName.putIfAbsent(one.name(), one));
    }
    extras = List.copyOf(byName.values());
    distances = chains.lattice().length(0) / 2 + 1;
    series = new MeasurementSeries(columns(), chains.count(), most);
    width = series.width();
    latest = new double[chains.count() * width];
  }

  /** Returns what is kept of every field, in order. */
  public List<MeasurementSeries.Column> columns() {
    List<MeasurementSeries.Column> all = new ArrayList<>();
    for (String name :
        List.of("M", "phi^2", "phi^4", "neighbour", "schwinger-dyson", "structure_factor")) {
      all.add(new MeasurementSeries.Column(name, 1));
    }
    all.add(new MeasurementSeries.Column("C", distances));
    if (twoPoint) {
      all.add(new MeasurementSeries.Column("G", distances));
    }
    extras.forEach(extra -> all.add(new MeasurementSeries.Column(extra.name(), 1)));
    return all;
  }

  /**
   * Measures every chain as it is now.
   *
   * @return the numbers that are kept, [chains, sum of the widths of the columns], overwritten by
   *     the next measurement
   */
  public double[] measure() {
    double[] function = twoPoint ? TwoPointFunction.of(chains) : new double[0];
    team.run(chains.count(), chain -> measure(chain, function));
    add(latest);
    return latest;
  }

  private void measure(int chain, double[] function) {
    Lattice lattice = chains.lattice();
    Measurement one = Measurement.of(chains, chain);
    int at = chain * width;
    latest[at + M] = one.magnetisation();
    latest[at + PHI2] = one.phi2();
    latest[at + PHI4] = one.phi4();
    latest[at + NEIGHBOUR] = one.neighbour();
    latest[at + SCHWINGER_DYSON] = one.schwingerDyson();
    Arrays.fill(latest, at + STRUCTURE, at + width, 0);
    int directions = 0;
    for (int mu = 0; mu < lattice.dimensions(); mu++) {
      if (lattice.length(mu) == lattice.length(0)) {
        double[] means = Correlator.sliceMeans(chains, chain, mu);
        latest[at + STRUCTURE] += Correlator.structureFactor(means, lattice.sites());
        double[] correlator = Correlator.ofSlices(means);
        for (int t = 0; t < distances; t++) {
          latest[at + SLICES + t] += correlator[t];
        }
        directions++;
      }
    }
    for (int i = STRUCTURE; i < SLICES + distances; i++) {
      latest[at + i] /= directions;
    }
    int next = at + SLICES + distances;
    if (twoPoint) {
      double[] g = TwoPointFunction.onAxis(lattice, function, chain);
      System.arraycopy(g, 0, latest, next, distances);
      next += distances;
    }
    for (Update.Measured extra : extras) {
      latest[next++] = extra.ofChain().applyAsDouble(chain);
    }
  }

  /** Returns what was measured of a chain last. */
  public Measurement latest(int chain) {
    return Measurement.read(latest, chain * width);
  }

  /**
   * Adds a measurement made before.
   *
   * @param measured as {@link #measure} returned it
   */
  public void add(double[] measured) {
    series.add(measured);
  }

  /** Returns how often each chain was measured, those that are not kept left out. */
  public int count() {
    return series.count();
  }

  /** Returns what was measured. */
  public MeasurementSeries series() {
    return series;
  }

  /**
   * Returns a series of each chain.
   *
   * @param name of a column
   * @param index which of its numbers
   */
  public double[][] series(String name, int index) {
    return series.of(name, index);
  }

  /** Returns every mean by name, see {@link ObservableMeans}. */
  public SequencedMap<String, Estimate> estimates() {
    return new ObservableMeans(series, chains.lattice(), chains.action()).all();
  }
}
