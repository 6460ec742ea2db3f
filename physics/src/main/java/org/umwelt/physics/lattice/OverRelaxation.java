package org.umwelt.physics.lattice;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.lattice.LatticeKernels;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Every site is reflected about the minimum of its quadratic part and accepted by its quartic part:
 * moves far at little change of S, and needs company that changes it.
 */
public final class OverRelaxation extends ColouredUpdate {
  /**
   * Prepares updates of some chains.
   *
   * @param chains whose action has a quadratic coupling other than 0
   * @param backend not closed here
   * @throws BadRequestException where it is 0
   */
  public OverRelaxation(Chains chains, Backend backend) {
    super(LatticeKernels.REFLECTION, curved(chains), 0, backend);
  }

  private static Chains curved(Chains chains) {
    if (chains.action().quadratic() == 0) {
      throw new BadRequestException(
          "overrelaxation: expected a quadratic part to reflect about, but with m2 = -2 dim there is none; take another sampler");
    }
    return chains;
  }

  @Override
  public String name() {
    return "overrelaxation";
  }

  @Override
  public double apply(Chains chains) {
    return sweep(chains);
  }
}
