package org.umwelt.viewer.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.umwelt.physics.lattice.Lattice;
import org.umwelt.physics.lattice.Measurement;
import org.umwelt.physics.lattice.MeasurementSeries;
import org.umwelt.physics.lattice.Phi4;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.viewer.plots.Field;
import org.umwelt.viewer.plots.History;

/**
 * Chains of the phi^4 lattice on their way to the window: their fields, what was measured last, and
 * what that says. Written by the threads of a loop and of the analysis, read by the window's.
 */
final class LatticeDisplay {
  /** Chains whose history is drawn: as many as there are colours. */
  static final int MOST_HISTORIES = 7;

  /** Measurements, and sweeps, the histories look back. */
  private static final int REMEMBERED = 600;

  private final Lattice lattice;
  private final Phi4 action;
  private final List<String> updates;
  private final MeasurementSeries series;
  private final int measureEvery;
  private final List<Field> fields = new ArrayList<>(); // of the chains
  private final History history; // action per site of the first chains, then M of them
  private final History acceptance; // of each update
  private final double[] row;
  private final AtomicReference<@Nullable RunningEstimates> estimates = new AtomicReference<>();
  private volatile int chosen;

  LatticeDisplay(
      Lattice lattice,
      Phi4 action,
      List<String> updates,
      MeasurementSeries series,
      int measureEvery) {
    this.lattice = lattice;
    this.action = action;
    this.updates = updates;
    this.series = series;
    this.measureEvery = measureEvery;
    for (int chain = 0; chain < series.chains(); chain++) {
      fields.add(new Field());
    }
    history = new History(2 * histories(), REMEMBERED);
    acceptance = new History(updates.size(), REMEMBERED);
    row = new double[2 * histories()];
  }

  /** Shows the field of one chain, from 1, or 0 for all. */
  void choose(int chain) {
    chosen = chain;
  }

  /**
   * Shows fields, where the last ones were seen.
   *
   * @param numbers [chains, sites]
   */
  void paintWanted(double[] numbers) {
    for (int chain = 0; chain < fields.size(); chain++) {
      if (isShown(chain) && fields.get(chain).isWanted()) {
        paint(chain, numbers);
      }
    }
  }

  /** Shows fields. */
  void paint(double[] numbers) {
    for (int chain = 0; chain < fields.size(); chain++) {
      if (isShown(chain)) {
        paint(chain, numbers);
      }
    }
  }

  private boolean isShown(int chain) {
    return chosen == 0 || chosen == chain + 1;
  }

  private void paint(int chain, double[] numbers) {
    int from = chain * lattice.sites();
    fields
        .get(chain)
        .write(
            1,
            width(),
            height(),
            values -> {
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) numbers[from + i];
              }
            });
  }

  /** Remembers what was measured of each chain. */
  void remember(IntFunction<Measurement> measured) {
    for (int chain = 0; chain < histories(); chain++) {
      Measurement one = measured.apply(chain);
      row[chain] = one.actionDensity(action);
      row[histories() + chain] = one.magnetisation();
    }
    history.append(row);
  }

  void tell(RunningEstimates latest) {
    estimates.set(latest);
  }

  /** Returns what the latest measurements say; null before there are two. */
  @Nullable RunningEstimates estimates() {
    return estimates.get();
  }

  /** Returns how many chains have a history. */
  int histories() {
    return Math.min(series.chains(), MOST_HISTORIES);
  }

  /** Returns the columns of the shown plane: the last two dimensions, the others at 0. */
  int width() {
    return lattice.length(lattice.dimensions() - 1);
  }

  /** Returns its rows. */
  int height() {
    return lattice.dimensions() == 1 ? 1 : lattice.length(lattice.dimensions() - 2);
  }

  Lattice lattice() {
    return lattice;
  }

  Phi4 action() {
    return action;
  }

  List<String> updates() {
    return updates;
  }

  MeasurementSeries series() {
    return series;
  }

  /** Returns how many sweeps lie between two measurements. */
  int measureEvery() {
    return measureEvery;
  }

  List<Field> fields() {
    return fields;
  }

  History history() {
    return history;
  }

  History acceptance() {
    return acceptance;
  }
}
