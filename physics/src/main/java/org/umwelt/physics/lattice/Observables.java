package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

/**
 * Measurements of chains and their means, with errors by the Gamma method, also of what is a
 * function of several means.
 *
 * <p>The ensemble is symmetric under phi to -phi, so the mean of the field is never subtracted.
 */
public final class Observables {
  // What is kept of every field.
  private static final int M = 0;
  private static final int ABSOLUTE = 1;
  private static final int M2 = 2;
  private static final int M4 = 3;
  private static final int PHI2 = 4;
  private static final int PHI4 = 5;
  private static final int NEIGHBOUR = 6;
  private static final int STRUCTURE = 7;
  private static final int SLICES = 8; // and on

  private final Chains chains;
  private final List<List<double[]>> rows = new ArrayList<>(); // per chain, one per measurement

  /** Prepares the measuring of chains. */
  public Observables(Chains chains) {
    this.chains = chains;
    for (int chain = 0; chain < chains.count(); chain++) {
      rows.add(new ArrayList<>());
    }
  }

  /** Measures every chain as it is now. */
  public void measure() {
    for (int chain = 0; chain < chains.count(); chain++) {
      Measurement one = Measurement.of(chains, chain);
      double[] slices = Correlator.slices(chains, chain, 0);
      double m = one.magnetisation();
      double[] row = new double[SLICES + slices.length];
      row[M] = m;
      row[ABSOLUTE] = Math.abs(m);
      row[M2] = m * m;
      row[M4] = m * m * m * m;
      row[PHI2] = one.phi2();
      row[PHI4] = one.phi4();
      row[NEIGHBOUR] = one.neighbour();
      row[STRUCTURE] = Correlator.structureFactor(chains, chain);
      System.arraycopy(slices, 0, row, SLICES, slices.length);
      rows.get(chain).add(row);
    }
  }

  /** Returns how often each chain was measured. */
  public int count() {
    return rows.getFirst().size();
  }

  private double[][] series(int column) {
    double[][] series = new double[rows.size()][];
    for (int chain = 0; chain < series.length; chain++) {
      series[chain] = rows.get(chain).stream().mapToDouble(row -> row[column]).toArray();
    }
    return series;
  }

  private Estimate derived(ToDoubleFunction<double[]> function, int... columns) {
    double[][][] series = new double[columns.length][][];
    for (int i = 0; i < columns.length; i++) {
      series[i] = series(columns[i]);
    }
    return GammaMethod.derived(function, series);
  }

  /**
   * Returns every mean by name: {@code M, |M|, M^2, M^4, phi^2, phi^4, neighbour} (mean of phi(x)
   * phi(x + mu)), {@code action} (per site), {@code virial} (2 S_2 + 4 S_4 per site, whose mean is
   * 1), {@code chi} (V times the mean of M^2), {@code chi'} (with the square of the mean of |M|
   * subtracted), {@code U4} (Binder), {@code xi2} (second-moment length) and, for each t, {@code
   * C(t)} and the effective mass {@code m(t)}, NaN where noise leaves none.
   */
  public SequencedMap<String, Estimate> estimates() {
    Phi4 action = chains.action();
    Lattice lattice = chains.lattice();
    double volume = lattice.sites();
    int length = lattice.length(0);
    SequencedMap<String, Estimate> all = new LinkedHashMap<>();
    all.put("M", GammaMethod.mean(series(M)));
    all.put("|M|", GammaMethod.mean(series(ABSOLUTE)));
    all.put("M^2", GammaMethod.mean(series(M2)));
    all.put("M^4", GammaMethod.mean(series(M4)));
    all.put("phi^2", GammaMethod.mean(series(PHI2)));
    all.put("phi^4", GammaMethod.mean(series(PHI4)));
    all.put("neighbour", GammaMethod.mean(series(NEIGHBOUR)));
    all.put(
        "action",
        derived(
            m -> new Measurement(0, m[0], m[1], m[2]).actionDensity(action),
            PHI2,
            PHI4,
            NEIGHBOUR));
    all.put(
        "virial",
        derived(m -> new Measurement(0, m[0], m[1], m[2]).virial(action), PHI2, PHI4, NEIGHBOUR));
    all.put("chi", derived(m -> volume * m[0], M2));
    all.put("chi'", derived(m -> volume * (m[0] - m[1] * m[1]), M2, ABSOLUTE));
    all.put("U4", derived(m -> 1 - m[1] / (3 * m[0] * m[0]), M2, M4));
    all.put(
        "xi2",
        derived(m -> Correlator.secondMomentLength(volume * m[0], m[1], length), M2, STRUCTURE));
    int slices = rows.getFirst().getFirst().length - SLICES;
    for (int t = 0; t < slices; t++) {
      all.put("C(%d)".formatted(t), GammaMethod.mean(series(SLICES + t)));
    }
    for (int t = 1; t < slices; t++) {
      if (t + 1 < slices || length % 2 == 0) {
        int after = t + 1 < slices ? t + 1 : t - 1; // around the lattice
        all.put(
            "m(%d)".formatted(t),
            derived(
                m -> Correlator.effectiveMass(new double[] {m[0], m[1], m[2]}, 4, 1),
                SLICES + t - 1,
                SLICES + t,
                SLICES + after));
      }
    }
    return all;
  }
}
