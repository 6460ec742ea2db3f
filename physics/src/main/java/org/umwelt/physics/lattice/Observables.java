package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

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
  private static final int FIRST_CAPACITY = 2; // measurements

  private final Chains chains;
  private final WorkerTeam team;
  private final boolean twoPoint;
  private final List<Update.Measured> extras;
  private final int distances; // 0 to half the length of the lattice
  private final int width;
  private final double[] latest; // (chains, width)
  private final double[][] series; // per chain (measurements, width), and room behind
  private int count;

  /**
   * A quantity, or several of a kind, among the numbers that are kept of every field.
   *
   * @param name as in {@link #estimates} where there is a mean of that name
   * @param width how many numbers
   */
  public record Column(String name, int width) {}

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
    this.chains = chains;
    this.team = team;
    this.twoPoint = twoPoint;
    Map<String, Update.Measured> byName = new LinkedHashMap<>(); // the first of a kind
    for (Update update : updates) {
      update.measured().forEach(one -> byName.putIfAbsent(one.name(), one));
    }
    extras = List.copyOf(byName.values());
    distances = chains.lattice().length(0) / 2 + 1;
    width = columns().stream().mapToInt(Column::width).sum();
    latest = new double[chains.count() * width];
    series = new double[chains.count()][FIRST_CAPACITY * width];
  }

  /** Returns what is kept of every field, in order. */
  public List<Column> columns() {
    List<Column> all = new ArrayList<>();
    for (String name :
        List.of("M", "phi^2", "phi^4", "neighbour", "schwinger-dyson", "structure_factor")) {
      all.add(new Column(name, 1));
    }
    all.add(new Column("C", distances));
    if (twoPoint) {
      all.add(new Column("G", distances));
    }
    extras.forEach(extra -> all.add(new Column(extra.name(), 1)));
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
    int at = chain * width;
    return new Measurement(
        latest[at + M],
        latest[at + PHI2],
        latest[at + PHI4],
        latest[at + NEIGHBOUR],
        latest[at + SCHWINGER_DYSON]);
  }

  /**
   * Adds a measurement made before.
   *
   * @param measured as {@link #measure} returned it
   */
  public void add(double[] measured) {
    for (int chain = 0; chain < series.length; chain++) {
      if (series[chain].length == count * width) {
        series[chain] = Arrays.copyOf(series[chain], Math.multiplyExact(2 * count, width));
      }
      System.arraycopy(measured, chain * width, series[chain], count * width, width);
    }
    count++;
  }

  /** Returns how often each chain was measured. */
  public int count() {
    return count;
  }

  /**
   * Returns a series of each chain.
   *
   * @param name of a column
   * @param index which of its numbers
   */
  public double[][] series(String name, int index) {
    int first = 0;
    for (Column column : columns()) {
      if (column.name().equals(name) && index < column.width()) {
        return series(first + index, value -> value);
      }
      first += column.width();
    }
    throw new IllegalArgumentException(
        "expected one of %s, got %s(%d)".formatted(columns(), name, index));
  }

  private double[][] series(int column, DoubleUnaryOperator function) {
    double[][] all = new double[series.length][count];
    for (int chain = 0; chain < series.length; chain++) {
      for (int i = 0; i < count; i++) {
        all[chain][i] = function.applyAsDouble(series[chain][i * width + column]);
      }
    }
    return all;
  }

  private double[][] series(int column) {
    return series(column, value -> value);
  }

  /**
   * Returns every mean by name: {@code M, |M|, M^2, M^4, phi^2, phi^4, neighbour} (mean of phi(x)
   * phi(x + mu)), {@code action} (per site), {@code virial} (2 S_2 + 4 S_4 per site, whose mean is
   * 1), {@code schwinger-dyson} (whose mean is 0), {@code chi} (V times the mean of M^2), {@code
   * chi'} (with the square of the mean of |M| subtracted), {@code U4} (Binder), {@code xi2}
   * (second-moment length), {@code L*mbar} (the first length times {@link Correlator#meanMass}),
   * what updates measure, and, for each t, {@code C(t)}, the effective mass {@code m(t)} and {@code
   * G(r)}; NaN where noise leaves none.
   */
  public SequencedMap<String, Estimate> estimates() {
    Phi4 action = chains.action();
    Lattice lattice = chains.lattice();
    double volume = lattice.sites();
    int length = lattice.length(0);
    double[][] absolute = series(M, Math::abs);
    double[][] m2 = series(M, m -> m * m);
    double[][] m4 = series(M, m -> m * m * m * m);
    double[][] phi2 = series(PHI2);
    double[][] phi4 = series(PHI4);
    double[][] neighbour = series(NEIGHBOUR);
    double[][][] correlator = new double[distances][][];
    for (int t = 0; t < distances; t++) {
      correlator[t] = series(SLICES + t);
    }
    SequencedMap<String, Estimate> all = new LinkedHashMap<>();
    all.put("M", GammaMethod.mean(series(M)));
    all.put("|M|", GammaMethod.mean(absolute));
    all.put("M^2", GammaMethod.mean(m2));
    all.put("M^4", GammaMethod.mean(m4));
    all.put("phi^2", GammaMethod.mean(phi2));
    all.put("phi^4", GammaMethod.mean(phi4));
    all.put("neighbour", GammaMethod.mean(neighbour));
    all.put("action", ofMeans(one -> one.actionDensity(action), phi2, phi4, neighbour));
    all.put("virial", ofMeans(one -> one.virial(action), phi2, phi4, neighbour));
    all.put("schwinger-dyson", GammaMethod.mean(series(SCHWINGER_DYSON)));
    all.put("chi", GammaMethod.derived(m -> volume * m[0], m2));
    all.put("chi'", GammaMethod.derived(m -> volume * (m[0] - m[1] * m[1]), m2, absolute));
    all.put("U4", GammaMethod.derived(m -> 1 - m[1] / (3 * m[0] * m[0]), m2, m4));
    all.put(
        "xi2",
        GammaMethod.derived(
            m -> Correlator.secondMomentLength(volume * m[0], m[1], length),
            m2,
            series(STRUCTURE)));
    all.put(
        "L*mbar",
        GammaMethod.derived(means -> length * Correlator.meanMass(means, length), correlator));
    int column = SLICES + distances + (twoPoint ? distances : 0);
    for (Update.Measured extra : extras) {
      all.put(extra.name(), GammaMethod.mean(series(column++)));
    }
    for (int t = 0; t < distances; t++) {
      all.put("C(" + t + ")", GammaMethod.mean(correlator[t]));
    }
    for (int t = 1; t < distances; t++) {
      int after = t + 1 < distances ? t + 1 : length - t - 1; // around the lattice
      all.put(
          "m(" + t + ")",
          GammaMethod.derived(
              m -> Correlator.effectiveMass(m, 4, 1),
              correlator[t - 1],
              correlator[t],
              correlator[after]));
    }
    for (int r = 0; twoPoint && r < distances; r++) {
      all.put("G(" + r + ")", GammaMethod.mean(series(SLICES + distances + r)));
    }
    return all;
  }

  private static Estimate ofMeans(
      ToDoubleFunction<Measurement> function,
      double[][] phi2,
      double[][] phi4,
      double[][] neighbour) {
    return GammaMethod.derived(
        m -> function.applyAsDouble(new Measurement(0, m[0], m[1], m[2], 0)),
        phi2,
        phi4,
        neighbour);
  }
}
