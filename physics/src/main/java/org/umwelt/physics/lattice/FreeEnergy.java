package org.umwelt.physics.lattice;

import java.util.Locale;
import java.util.function.Consumer;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

/**
 * The logarithm of the partition function by integration in the hopping, from independent sites,
 * where it is known, to the action asked for: d log Z / d hopping = 2 V d (mean of phi(x) phi(x +
 * mu)), at fixed quadratic and quartic coupling.
 *
 * @param logPartitionFunction of the integral of exp(-S)
 * @param error its standard error, that of the samples; the quadrature has another
 * @param converged whether every point was sampled long enough for its autocorrelation
 */
public record FreeEnergy(double logPartitionFunction, double error, boolean converged) {
  private static final int BURN_IN_PART = 5; // one sweep in so many
  private static final int NEWTON = 8; // steps, the last ones change nothing

  /**
   * Samples at the nodes of Gauss and Legendre.
   *
   * @param action with a positive quartic coupling
   * @param points nodes; more where the couplings cross a transition
   * @param chains at every node
   * @param sweeps measured of each
   * @param seed of everything random
   * @param sampler see {@link Sampler#of}
   * @param backend not closed here
   * @param progress told which node is sampled
   */
  public static FreeEnergy integrate(
      Lattice lattice,
      Phi4 action,
      int points,
      int chains,
      int sweeps,
      long seed,
      String sampler,
      Backend backend,
      Consumer<String> progress) {
    if (action.quartic() <= 0 || points < 1) {
      throw new IllegalArgumentException(
          "expected a positive quartic coupling and at least 1 point, got %s and %d"
              .formatted(action, points));
    }
    double volume = lattice.sites();
    double sum = volume * new OneSite(action.quadratic(), action.quartic()).logPartitionFunction();
    double variance = 0;
    boolean converged = true;
    for (int i = 0; i < points; i++) {
      double[] node = legendre(points, i);
      double hopping = action.hopping() * (1 + node[0]) / 2;
      progress.accept(String.format(Locale.ROOT, "hopping %.4f, %d of %d", hopping, i + 1, points));
      Phi4 there = new Phi4(action.dimensions(), hopping, action.quadratic(), action.quartic());
      Chains all = new Chains(lattice, there, chains, seed + i);
      double[][] neighbours = new double[chains][sweeps];
      try (Sampler updates = Sampler.of(sampler, all, backend)) {
        updates.burnIn(sweeps / BURN_IN_PART);
        for (int sweep = 0; sweep < sweeps; sweep++) {
          updates.sweep();
          for (int chain = 0; chain < chains; chain++) {
            neighbours[chain][sweep] = Measurement.of(all, chain).neighbour();
          }
        }
      }
      Estimate neighbour = GammaMethod.mean(neighbours);
      double factor = node[1] * action.hopping() / 2 * 2 * volume * action.dimensions();
      sum += factor * neighbour.value();
      variance += factor * factor * neighbour.error() * neighbour.error();
      converged &= neighbour.converged();
    }
    return new FreeEnergy(sum, Math.sqrt(variance), converged);
  }

  /**
   * Returns node i of n on [-1, 1] and its weight: a zero of the Legendre polynomial, by Newton.
   */
  static double[] legendre(int n, int i) {
    double x = -Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
    double slope = 1;
    for (int step = 0; step < NEWTON; step++) {
      double before = 1;
      double now = x;
      for (int degree = 2; degree <= n; degree++) {
        double next = ((2 * degree - 1) * x * now - (degree - 1) * before) / degree;
        before = now;
        now = next;
      }
      slope = n * (x * now - before) / (x * x - 1);
      x -= now / slope;
    }
    return new double[] {x, 2 / ((1 - x * x) * slope * slope)};
  }
}
