package org.umwelt.physics.lattice;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.lattice.LatticeKernels;

/** Every site is drawn anew from its weight given its neighbours, exactly. */
public final class HeatBath extends ColouredUpdate {
  private double attempts = 1;

  /**
   * Prepares updates of some chains.
   *
   * @param backend not closed here
   */
  public HeatBath(Chains chains, Backend backend) {
    super(LatticeKernels.HEAT_BATH, chains, 0, backend);
  }

  @Override
  public String name() {
    return "heatbath";
  }

  /** Returns the share of the numbers drawn that were taken; every site gets one. */
  @Override
  public double apply(Chains chains) {
    attempts = sweep(chains);
    return 1 / attempts;
  }

  /** Returns the numbers drawn per site. */
  @Override
  public double work() {
    return attempts;
  }
}
