package org.umwelt.envs.lattice;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.HeatBath;
import org.umwelt.physics.lattice.HybridMonteCarlo;
import org.umwelt.physics.lattice.HybridMonteCarlo.Integrator;
import org.umwelt.physics.lattice.Metropolis;
import org.umwelt.physics.lattice.SwendsenWang;
import org.umwelt.physics.lattice.Update;
import org.umwelt.physics.lattice.Wolff;

/** The updates an agent chooses among, tuned before the first choice and never again. */
final class Moves implements AutoCloseable {
  /** What actions mean, in order. */
  static final List<String> MEANINGS =
      List.of(
          "METROPOLIS_NARROW",
          "METROPOLIS",
          "METROPOLIS_WIDE",
          "HEATBATH",
          "LEAPFROG_SHORT",
          "LEAPFROG_LONG",
          "WOLFF",
          "SWENDSEN_WANG");

  private static final int NARROW = 0;
  private static final int TUNED = 1;
  private static final int WIDE = 2;
  private static final int WOLFF = 6;
  private static final int SHORT = 5; // leapfrog steps
  private static final int LONG = 20;
  private static final double FIRST_STEP = 0.1;
  private static final double FACTOR = 2; // from one width of proposals to the next

  private final Chains chains;
  private final List<Update> updates;
  private int clusters = 1;
  private Wolff wolff = new Wolff(clusters);

  Moves(Chains chains, Backend backend) {
    this.chains = chains;
    updates =
        List.of(
            new Metropolis(chains, 1, backend),
            new Metropolis(chains, 1, backend),
            new Metropolis(chains, 1, backend),
            new HeatBath(chains, backend),
            new HybridMonteCarlo(chains, Integrator.LEAPFROG, FIRST_STEP, SHORT, backend),
            new HybridMonteCarlo(chains, Integrator.LEAPFROG, FIRST_STEP, LONG, backend),
            wolff, // replaced by one of as many clusters as make a sweep
            new SwendsenWang());
  }

  /** Applies every update in turn and tunes it; the chains forget where they started. */
  void burnIn(int rounds) {
    double flipped = 0;
    for (int round = 0; round < rounds; round++) {
      for (int action = 0; action < updates.size(); action++) {
        double accepted = apply(action);
        if (action != WOLFF) {
          updates.get(action).adapt(accepted);
        }
      }
      flipped += wolff.work();
    }
    double width = updates.get(TUNED).size();
    updates.get(NARROW).resize(width / FACTOR);
    updates.get(WIDE).resize(width * FACTOR);
    int sites = chains.lattice().sites();
    setClusters(Math.clamp(Math.round(rounds / flipped), 1, sites));
  }

  private void setClusters(int count) {
    clusters = count;
    wolff = new Wolff(count);
  }

  private Update update(int action) {
    return action == WOLFF ? wolff : updates.get(action);
  }

  /** Applies an update to every chain and returns the share of proposals it accepted. */
  double apply(int action) {
    return update(action).apply(chains);
  }

  /** Returns what the last application of an update cost, in updates of every site. */
  double work(int action) {
    return update(action).work();
  }

  void writeState(DataOutput out) throws IOException {
    out.writeInt(clusters);
    for (Update update : updates) {
      out.writeDouble(update.size());
    }
  }

  void readState(DataInput in) throws IOException {
    setClusters(in.readInt());
    for (Update update : updates) {
      double size = in.readDouble();
      if (!Double.isNaN(size)) {
        update.resize(size);
      }
    }
  }

  @Override
  public void close() {
    updates.forEach(Update::close);
  }
}
