package org.umwelt.physics.lattice;

import java.util.Locale;
import java.util.function.Consumer;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.physics.statistics.Estimate;
import org.umwelt.physics.statistics.GammaMethod;

/**
 * The logarithm of the partition function by integration along a straight line of couplings, from
 * an action whose partition function is known.
 *
 * <p>With hopping h, quadratic coupling q and quartic coupling l that change by dh, dq and dl along
 * the line, d log Z = V (2 d dh (mean of phi(x) phi(x + mu)) - dq (mean of phi^2) - dl (mean of
 * phi^4)). So a line in the hopping starts at independent sites, one in m2 or lambda at a free
 * field or at any action that is known.
 *
 * @param logPartitionFunction of the integral of exp(-S), or a difference of two
 * @param error its standard error, that of the samples; the quadrature has another
 * @param converged whether every point was sampled long enough for its autocorrelation
 */
public record FreeEnergy(double logPartitionFunction, double error, boolean converged) {
  private static final int BURN_IN_PART = 5; // one sweep in so many
  private static final int NEWTON = 8; // steps, the last ones change nothing

  /**
   * How the points of a line are sampled.
   *
   * @param points nodes of Gauss and Legendre; more where the line crosses a transition
   * @param chains at every node
   * @param sweeps measured of each
   * @param seed of everything random
   * @param sampler see {@link Sampler#of}
   */
  public record Sampling(int points, int chains, int sweeps, long seed, String sampler) {
    /** Checks the numbers. */
    public Sampling {
      if (points < 1 || chains < 1 || sweeps < 2) {
        throw new IllegalArgumentException(
            "expected at least 1 point, 1 chain and 2 sweeps, got %d, %d and %d"
                .formatted(points, chains, sweeps));
      }
    }
  }

  /**
   * Integrates in the hopping, from independent sites.
   *
   * @param action with a positive quartic coupling
   * @param backend not closed here
   * @param progress told which point is sampled
   */
  public static FreeEnergy fromIndependentSites(
      Lattice lattice, Phi4 action, Sampling sampling, Backend backend, Consumer<String> progress) {
    if (action.quartic() <= 0) {
      throw new IllegalArgumentException(
          "expected a positive quartic coupling, got %s; a free field is known exactly"
              .formatted(action));
    }
    double known =
        lattice.sites() * new OneSite(action.quadratic(), action.quartic()).logPartitionFunction();
    Phi4 sites = new Phi4(action.dimensions(), 0, action.quadratic(), action.quartic());
    return difference(lattice, sites, action, sampling, backend, progress).plus(known);
  }

  /**
   * Integrates in the quartic coupling and in m2, from a free field.
   *
   * @param m2 mass squared of the free field in units of the hopping, positive; the line is one of
   *     constant m2 where the action has the same
   * @param action with a positive hopping
   * @param backend not closed here
   * @param progress told which point is sampled
   */
  public static FreeEnergy fromFreeField(
      Lattice lattice,
      double m2,
      Phi4 action,
      Sampling sampling,
      Backend backend,
      Consumer<String> progress) {
    double hopping = action.hopping();
    Phi4 free = new Phi4(action.dimensions(), hopping, hopping * (2 * action.dimensions() + m2), 0);
    double known = new FreeField(lattice, free).logPartitionFunction();
    return difference(lattice, free, action, sampling, backend, progress).plus(known);
  }

  /**
   * Returns log Z(to) - log Z(from).
   *
   * @param from where the line begins
   * @param to where it ends
   * @param backend not closed here
   * @param progress told which point is sampled
   */
  public static FreeEnergy difference(
      Lattice lattice,
      Phi4 from,
      Phi4 to,
      Sampling sampling,
      Backend backend,
      Consumer<String> progress) {
    if (from.dimensions() != to.dimensions()) {
      throw new IllegalArgumentException(
          "expected actions in the same dimensions, got %s and %s".formatted(from, to));
    }
    double hopping = to.hopping() - from.hopping();
    double quadratic = to.quadratic() - from.quadratic();
    double quartic = to.quartic() - from.quartic();
    double volume = lattice.sites();
    int points = sampling.points();
    double sum = 0;
    double variance = 0;
    boolean converged = true;
    for (int i = 0; i < points; i++) {
      double[] node = legendre(points, i);
      double along = (1 + node[0]) / 2;
      progress.accept(
          String.format(Locale.ROOT, "%.4f of the line, %d of %d", along, i + 1, points));
      Phi4 there =
          new Phi4(
              to.dimensions(),
              from.hopping() + along * hopping,
              from.quadratic() + along * quadratic,
              from.quartic() + along * quartic);
      Chains chains =
          new Chains(
              lattice, there, sampling.chains(), RandomStream.deriveSeed(sampling.seed(), i));
      double[][] slopes = new double[chains.count()][sampling.sweeps()];
      try (Sampler sampler = Sampler.of(sampling.sampler(), chains, backend)) {
        sampler.burnIn(sampling.sweeps() / BURN_IN_PART);
        for (int sweep = 0; sweep < sampling.sweeps(); sweep++) {
          sampler.sweep();
          for (int chain = 0; chain < chains.count(); chain++) {
            Measurement one = Measurement.of(chains, chain);
            slopes[chain][sweep] =
                volume
                    * (2 * to.dimensions() * hopping * one.neighbour()
                        - quadratic * one.phi2()
                        - quartic * one.phi4());
          }
        }
      }
      Estimate slope = GammaMethod.mean(slopes);
      double weight = node[1] / 2;
      sum += weight * slope.value();
      variance += weight * weight * slope.error() * slope.error();
      converged &= slope.converged();
    }
    return new FreeEnergy(sum, Math.sqrt(variance), converged);
  }

  private FreeEnergy plus(double known) {
    return new FreeEnergy(logPartitionFunction + known, error, converged);
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
