package org.umwelt.physics.lattice;

import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.lattice.LatticeKernels;

/**
 * Metropolis updates of every site: phi + width * uniform(-1, 1), accepted with min(1, exp(-change
 * of S)).
 */
public final class Metropolis extends ColouredUpdate {
  private static final int WIDTH = 3; // its place among the couplings
  private static final double AIM = 0.5;
  private static final double SPEED = 0.5;

  /**
   * Prepares updates of some chains.
   *
   * @param width of proposals, positive
   * @param backend not closed here
   */
  public Metropolis(Chains chains, double width, Backend backend) {
    super(LatticeKernels.METROPOLIS, chains, positive(width), backend);
  }

  private static double positive(double width) {
    if (!(width > 0)) {
      throw new IllegalArgumentException("expected a positive width, got " + width);
    }
    return width;
  }

  @Override
  public String name() {
    return "metropolis";
  }

  @Override
  public double apply(Chains chains) {
    return sweep(chains);
  }

  @Override
  public void adapt(double share) {
    couplings()[WIDTH] *= Math.exp(SPEED * (share - AIM));
  }

  @Override
  public void resize(double size) {
    couplings()[WIDTH] = positive(size);
  }

  @Override
  public double size() {
    return couplings()[WIDTH];
  }
}
