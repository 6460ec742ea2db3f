package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.List;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.lattice.LatticeKernels;
import org.umwelt.kernels.random.RandomStream;

/**
 * Hybrid (Hamiltonian) Monte Carlo: momenta of unit mass are drawn anew, H = p^2 / 2 + S is
 * integrated, and the end is accepted with min(1, exp(-change of H)). Duane, Kennedy, Pendleton,
 * Roweth, Phys. Lett. B 195 (1987) 216.
 *
 * <p>The number of steps is drawn for each trajectory, up to a fifth more or less, since a fixed
 * length never changes the energy of some modes of a nearly free field.
 */
public final class HybridMonteCarlo implements Update {
  /** How the equations of motion are integrated. */
  public enum Integrator {
    /** Half a kick, drifts and kicks in turn, half a kick; second order. */
    LEAPFROG,
    /**
     * Omelyan, Mryglod, Folk, Comput. Phys. Commun. 151 (2003) 272; second order, smaller errors.
     */
    OMELYAN
  }

  private static final double OMELYAN = 0.1931833275037836;
  private static final double AIM = 0.8;
  private static final double SPEED = 0.3;
  private static final int JITTER = 5; // one part in so many, up and down

  private final Chains chains;
  private final Integrator integrator;
  private final int steps;
  private final double[] momentum; // (chains, sites)
  private final double[] kept;
  private final double[] kick = new double[1];
  private final double[] drift = new double[1];
  private final Launch kicks;
  private final Launch drifts;
  private final List<Double> changes = new ArrayList<>();
  private double step;
  private double work;

  /**
   * Prepares trajectories of some chains.
   *
   * @param step of the integrator, positive
   * @param steps of a trajectory, at least 1
   * @param backend not closed here
   */
  public HybridMonteCarlo(
      Chains chains, Integrator integrator, double step, int steps, Backend backend) {
    if (!(step > 0) || steps < 1) {
      throw new IllegalArgumentException(
          "expected a positive step and at least 1 of them, got %s and %d".formatted(step, steps));
    }
    this.chains = chains;
    this.integrator = integrator;
    this.step = step;
    this.steps = steps;
    momentum = new double[chains.fields().length];
    kept = new double[momentum.length];
    Phi4 action = chains.action();
    kicks =
        backend.prepare(
            Call.of(
                LatticeKernels.KICK,
                Work.range(momentum.length),
                momentum,
                chains.fields(),
                chains.neighbours(),
                new double[] {action.hopping(), action.quadratic(), action.quartic()},
                kick,
                chains.lattice().sites(),
                2 * chains.lattice().dimensions()));
    drifts =
        backend.prepare(
            Call.of(
                LatticeKernels.DRIFT,
                Work.range(momentum.length),
                chains.fields(),
                momentum,
                drift));
  }

  @Override
  public String name() {
    return integrator == Integrator.LEAPFROG ? "leapfrog" : "hmc";
  }

  private void kick(double length) {
    kick[0] = length * step;
    kicks.run();
  }

  private void drift(double length) {
    drift[0] = length * step;
    drifts.run();
  }

  /** Integrates fields and momenta; kicks that follow each other are joined. */
  void integrate(int count) {
    if (integrator == Integrator.LEAPFROG) {
      kick(0.5);
      for (int i = 0; i < count; i++) {
        drift(1);
        kick(i < count - 1 ? 1 : 0.5);
      }
    } else {
      kick(OMELYAN);
      for (int i = 0; i < count; i++) {
        drift(0.5);
        kick(1 - 2 * OMELYAN);
        drift(0.5);
        kick(i < count - 1 ? 2 * OMELYAN : OMELYAN);
      }
    }
  }

  /** Returns the momenta themselves, [chains, sites]. */
  double[] momentum() {
    return momentum;
  }

  /** Returns H of a chain. */
  double energy(int chain) {
    int sites = chains.lattice().sites();
    double kinetic = 0;
    for (int i = chain * sites; i < (chain + 1) * sites; i++) {
      kinetic += momentum[i] * momentum[i] / 2;
    }
    return kinetic + chains.action().action(chains.lattice(), chains.field(chain));
  }

  @Override
  public double apply(Chains same) {
    if (!same.equals(chains)) {
      throw new IllegalArgumentException("expected the chains this was prepared for");
    }
    int sites = chains.lattice().sites();
    long number = chains.nextStep();
    RandomStream[] random = new RandomStream[chains.count()];
    double[] before = new double[chains.count()];
    for (int chain = 0; chain < chains.count(); chain++) {
      random[chain] = chains.random(number, chain);
      for (int i = chain * sites; i < (chain + 1) * sites; i++) {
        momentum[i] = random[chain].nextGaussian();
      }
      before[chain] = energy(chain);
    }
    System.arraycopy(chains.fields(), 0, kept, 0, kept.length);
    int spread = steps / JITTER; // the same for all chains, which move together
    int count = steps - spread + chains.common(number).nextInt(2 * spread + 1);
    integrate(count);
    work = 1.0 + (integrator == Integrator.LEAPFROG ? count : 2 * count);
    changes.clear();
    int accepted = 0;
    for (int chain = 0; chain < chains.count(); chain++) {
      double change = energy(chain) - before[chain];
      changes.add(change);
      if (random[chain].nextDouble() < Math.exp(-change)) {
        accepted++;
      } else {
        System.arraycopy(kept, chain * sites, chains.fields(), chain * sites, sites);
      }
    }
    return (double) accepted / chains.count();
  }

  /**
   * Returns how much H changed in the last trajectory of each chain: exp(-change) is 1 on average.
   */
  public List<Double> energyChanges() {
    return List.copyOf(changes);
  }

  /** Returns how often the force was computed at every site. */
  @Override
  public double work() {
    return work;
  }

  @Override
  public List<Measured> measured() {
    return List.of(new Measured("exp(-dH)", chain -> Math.exp(-changes.get(chain))));
  }

  @Override
  public void adapt(double share) {
    step *= Math.exp(SPEED * (share - AIM));
  }

  @Override
  public void resize(double size) {
    step = size;
  }

  @Override
  public double size() {
    return step;
  }

  @Override
  public void close() {
    kicks.close();
    drifts.close();
  }
}
