package org.umwelt.physics.lattice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

/**
 * The means of what was measured, and of functions of several means, with errors by the Gamma
 * method; each is computed when it is asked for.
 *
 * <p>Their names: {@code M, |M|, M^2, M^4, phi^2, phi^4, neighbour} (mean of phi(x) phi(x + mu)),
 * {@code action} (per site), {@code virial} (2 S_2 + 4 S_4 per site, whose mean is 1), {@code
 * schwinger-dyson} (whose mean is 0), {@code chi} (V times the mean of M^2), {@code chi'} (with the
 * square of the mean of |M| subtracted), {@code U4} (Binder), {@code xi2} (second-moment length),
 * {@code L*mbar} (the first length times {@link Correlator#meanMass}), what updates measure, and,
 * for each t, {@code C(t)}, the effective mass {@code m(t)} and {@code G(r)}; NaN where noise
 * leaves none.
 */
public final class ObservableMeans {
  /** Columns that are not what updates measure. */
  private static final Set<String> OWN =
      Set.of("M", "phi^2", "phi^4", "neighbour", "schwinger-dyson", "structure_factor", "C", "G");

  private final MeasurementSeries series;
  private final Lattice lattice;
  private final Phi4 action;
  private final SequencedMap<String, Supplier<Estimate>> definitions = new LinkedHashMap<>();

  /**
   * Prepares the means of a series.
   *
   * @param series with the columns of {@link Observables}, at least 2 measurements
   */
  public ObservableMeans(MeasurementSeries series, Lattice lattice, Phi4 action) {
    this.series = series;
    this.lattice = lattice;
    this.action = action;
    define();
  }

  private void define() {
    double volume = lattice.sites();
    int length = lattice.length(0);
    mean("M", () -> series("M"));
    mean("|M|", this::absolute);
    mean("M^2", this::square);
    mean("M^4", this::fourth);
    mean("phi^2", () -> series("phi^2"));
    mean("phi^4", () -> series("phi^4"));
    mean("neighbour", () -> series("neighbour"));
    definitions.put("action", () -> ofMeans(one -> one.actionDensity(action)));
    definitions.put("virial", () -> ofMeans(one -> one.virial(action)));
    mean("schwinger-dyson", () -> series("schwinger-dyson"));
    definitions.put("chi", () -> GammaMethod.derived(m -> volume * m[0], square()));
    definitions.put(
        "chi'",
        () -> GammaMethod.derived(m -> volume * (m[0] - m[1] * m[1]), square(), absolute()));
    definitions.put(
        "U4", () -> GammaMethod.derived(m -> 1 - m[1] / (3 * m[0] * m[0]), square(), fourth()));
    definitions.put(
        "xi2",
        () ->
            GammaMethod.derived(
                m -> Correlator.secondMomentLength(volume * m[0], m[1], length),
                square(),
                series("structure_factor")));
    definitions.put(
        "L*mbar",
        () ->
            GammaMethod.derived(
                means -> length * Correlator.meanMass(means, length), correlator()));
    for (MeasurementSeries.Column column : series.columns()) {
      if (!OWN.contains(column.name())) {
        mean(column.name(), () -> series(column.name()));
      }
    }
    for (int t = 0; t < distances(); t++) {
      int at = t;
      mean("C(" + t + ")", () -> series.of("C", at));
    }
    for (int t = 1; t < distances(); t++) {
      int at = t;
      int after = t + 1 < distances() ? t + 1 : length - t - 1; // around the lattice
      definitions.put(
          "m(" + t + ")",
          () ->
              GammaMethod.derived(
                  m -> Correlator.effectiveMass(m, 4, 1),
                  series.of("C", at - 1),
                  series.of("C", at),
                  series.of("C", after)));
    }
    if (series.columns().stream().anyMatch(column -> column.name().equals("G"))) {
      for (int r = 0; r < distances(); r++) {
        int at = r;
        mean("G(" + r + ")", () -> series.of("G", at));
      }
    }
  }

  private void mean(String name, Supplier<double[][]> of) {
    definitions.put(name, () -> GammaMethod.mean(of.get()));
  }

  private int distances() {
    return lattice.length(0) / 2 + 1;
  }

  private double[][] series(String name) {
    return series.of(name, 0);
  }

  private double[][] absolute() {
    return series.of("M", 0, Math::abs);
  }

  private double[][] square() {
    return series.of("M", 0, m -> m * m);
  }

  private double[][] fourth() {
    return series.of("M", 0, m -> m * m * m * m);
  }

  private double[][][] correlator() {
    double[][][] all = new double[distances()][][];
    for (int t = 0; t < all.length; t++) {
      all[t] = series.of("C", t);
    }
    return all;
  }

  private Estimate ofMeans(ToDoubleFunction<Measurement> function) {
    return GammaMethod.derived(
        m -> function.applyAsDouble(new Measurement(0, m[0], m[1], m[2], 0)),
        series("phi^2"),
        series("phi^4"),
        series("neighbour"));
  }

  /** Returns the names there are. */
  public List<String> names() {
    return List.copyOf(definitions.keySet());
  }

  /** Returns one mean. */
  public Estimate of(String name) {
    Supplier<Estimate> definition = definitions.get(name);
    if (definition == null) {
      throw new IllegalArgumentException("expected one of %s, got %s".formatted(names(), name));
    }
    return definition.get();
  }

  /** Returns every mean by name. */
  public SequencedMap<String, Estimate> all() {
    SequencedMap<String, Estimate> all = new LinkedHashMap<>();
    definitions.forEach((name, definition) -> all.put(name, definition.get()));
    return all;
  }
}
