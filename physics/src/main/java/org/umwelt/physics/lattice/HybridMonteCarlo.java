package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Launch;
import org.umwelt.kernels.backend.Work;
import org.umwelt.kernels.lattice.LatticeKernels;

/**
 * Hybrid (Hamiltonian) Monte Carlo: momenta are drawn anew, H = p^2 / 2 + S is integrated, and the
 * end is accepted with min(1, exp(-change of H)). Duane, Kennedy, Pendleton, Roweth, Phys. Lett. B
 * 195 (1987) 216. Masses are 1, or those of {@link FourierMass}: then H = p A^-1 p / 2 + S.
 *
 * <p>The number of steps is drawn for each trajectory, up to a fifth more or less where there are
 * at least 5, since a fixed length never changes the energy of some modes of a nearly free field.
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
  private static final double HOPELESS = 50; // change of H that is never accepted
  private static final int AT_ONCE = 4; // kicks and drifts prepared together, an even number
  private static final int PART = 512; // sites whose energy is summed up at a time
  private static final int JITTER = 5; // one part in so many, up and down

  private final Chains chains;
  private final Integrator integrator;
  private final int steps;
  private final double[] momentum; // (chains, sites)
  private final double[] kept;
  private final double[] drifted; // the fields of every other step
  private final double[] energies; // (chains, parts)
  private final int[] place = new int[4];
  private final double[] kick = new double[1];
  private final double[] drift = new double[1];
  private final Launch normals;
  private final Launch energy;
  private final Launch kicks;
  private final Launch drifts;
  private final double[][] lengths = new double[AT_ONCE][2]; // of kicks, and drifts behind them
  private final Launch few; // two kicks and drifts
  private final Launch many; // as many as there are lengths
  private final @Nullable FourierMass mass;
  private final double[] velocity; // (chains, sites); the momenta where masses are 1
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
    this(chains, integrator, step, steps, null, backend);
  }

  /**
   * Prepares trajectories with masses of {@link FourierMass}.
   *
   * @param massSquared M^2, positive: about the inverse square of the correlation length
   */
  public HybridMonteCarlo(
      Chains chains,
      Integrator integrator,
      double step,
      int steps,
      double massSquared,
      Backend backend) {
    this(chains, integrator, step, steps, new FourierMass(chains, massSquared), backend);
  }

  private HybridMonteCarlo(
      Chains chains,
      Integrator integrator,
      double step,
      int steps,
      @Nullable FourierMass mass,
      Backend backend) {
    if (!(step > 0) || steps < 1) {
      throw new IllegalArgumentException(
          "expected a positive step and at least 1 of them, got %s and %d".formatted(step, steps));
    }
    this.chains = chains;
    this.integrator = integrator;
    this.mass = mass;
    this.step = step;
    this.steps = steps;
    Lattice lattice = chains.lattice();
    Phi4 action = chains.action();
    double[] fields = chains.fields();
    int sites = lattice.sites();
    int[] shape = lattice.shape();
    double[] couplings = {action.hopping(), action.quadratic(), action.quartic()};
    momentum = new double[fields.length];
    velocity = mass == null ? momentum : new double[fields.length];
    kept = new double[fields.length];
    drifted = new double[fields.length];
    int parts = Math.ceilDiv(sites, PART);
    energies = new double[chains.count() * parts];
    int pairs = Math.ceilDiv(sites, 2);
    normals =
        backend.prepare(
            Call.of(
                LatticeKernels.NORMAL,
                Work.range(chains.count() * pairs),
                momentum,
                place,
                pairs,
                sites));
    energy =
        backend.prepare(
            Call.of(
                LatticeKernels.ENERGY,
                Work.range(energies.length),
                energies,
                momentum,
                fields,
                shape,
                couplings,
                parts,
                sites,
                shape.length));
    kicks =
        backend.prepare(
            Call.of(
                LatticeKernels.KICK,
                Work.range(fields.length),
                momentum,
                fields,
                shape,
                couplings,
                kick,
                sites,
                shape.length));
    drifts =
        backend.prepare(
            Call.of(LatticeKernels.DRIFT, Work.range(fields.length), fields, velocity, drift));
    Call[] calls = new Call[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++) {
      boolean there = i % 2 == 0;
      calls[i] =
          Call.of(
              LatticeKernels.LEAPFROG,
              Work.range(fields.length),
              momentum,
              there ? drifted : fields,
              there ? fields : drifted,
              shape,
              couplings,
              lengths[i],
              sites,
              shape.length);
    }
    few = backend.prepare(calls[0], calls[1]);
    many = backend.prepare(calls);
  }

  @Override
  public String name() {
    return (integrator == Integrator.LEAPFROG ? "leapfrog" : "hmc")
        + (mass == null ? "" : "-fourier");
  }

  /** Returns the length of a kick, in steps, of so many and one more. */
  private double kick(int i, int count) {
    boolean end = i == 0 || i == count;
    if (integrator == Integrator.LEAPFROG) {
      return end ? 0.5 : 1;
    }
    return end ? OMELYAN : i % 2 == 0 ? 2 * OMELYAN : 1 - 2 * OMELYAN;
  }

  /**
   * Integrates fields and momenta; kicks that follow each other are joined.
   *
   * <p>A kick and the drift behind it put the fields into another array, so an even number of those
   * is done at once; one that is left over is done in two, and so are all with masses of modes, for
   * which there is a transform between.
   */
  void integrate(int count) {
    int drifts = (integrator == Integrator.LEAPFROG ? 1 : 2) * count;
    double length = integrator == Integrator.LEAPFROG ? step : step / 2;
    drift[0] = length;
    int i = 0;
    while (i < drifts) {
      if (mass != null || (drifts - i) % 2 == 1) {
        kick[0] = step * kick(i, drifts);
        kicks.run();
        if (mass != null) {
          mass.apply(FourierMass.Power.INVERSE, momentum, velocity);
        }
        this.drifts.run();
        i++;
      } else {
        int at = drifts - i >= AT_ONCE ? AT_ONCE : 2;
        for (int k = 0; k < at; k++) {
          lengths[k][0] = step * kick(i + k, drifts);
          lengths[k][1] = length;
        }
        (at == AT_ONCE ? many : few).run();
        i += at;
      }
    }
    kick[0] = step * kick(drifts, drifts);
    kicks.run();
  }

  /** Draws momenta anew and returns the number of the step that took. */
  long refresh() {
    long number = chains.nextStep();
    chains.place(number, place);
    normals.run();
    if (mass != null) {
      mass.apply(FourierMass.Power.ROOT, momentum, momentum);
    }
    return number;
  }

  /** Returns the momenta themselves, [chains, sites]. */
  double[] momentum() {
    return momentum;
  }

  /** Returns H of every chain. */
  double[] energies() {
    if (mass != null) { // of which the numbers that momenta are made of are the root
      System.arraycopy(momentum, 0, velocity, 0, momentum.length);
      mass.apply(FourierMass.Power.INVERSE_ROOT, momentum, momentum);
    }
    energy.run();
    if (mass != null) {
      System.arraycopy(velocity, 0, momentum, 0, momentum.length);
    }
    double[] sums = new double[chains.count()];
    int parts = energies.length / sums.length;
    for (int i = 0; i < energies.length; i++) {
      sums[i / parts] += energies[i];
    }
    return sums;
  }

  @Override
  public double apply(Chains same) {
    if (!same.equals(chains)) {
      throw new IllegalArgumentException("expected the chains this was prepared for");
    }
    int sites = chains.lattice().sites();
    long number = refresh();
    double[] before = energies();
    System.arraycopy(chains.fields(), 0, kept, 0, kept.length);
    int spread = steps / JITTER; // the same for all chains, which move together
    int count = steps - spread + chains.common(number).nextInt(2 * spread + 1);
    integrate(count);
    work = 1.0 + (integrator == Integrator.LEAPFROG ? count : 2 * count);
    double[] after = energies();
    changes.clear();
    int accepted = 0;
    for (int chain = 0; chain < chains.count(); chain++) {
      double change = after[chain] - before[chain];
      changes.add(change);
      if (chains.random(number, chain).nextDouble() < Math.exp(-change)) {
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

  /**
   * {@inheritDoc}
   *
   * <p>A chain whose trajectories leave the numbers, as from a start far from equilibrium, would
   * never move again while the others decide the step: it counts alone.
   */
  @Override
  public void adapt(double share) {
    boolean lost = changes.stream().anyMatch(change -> !(change < HOPELESS));
    step *= Math.exp(SPEED * ((lost ? 0 : share) - AIM));
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
    for (Launch launch : List.of(normals, energy, kicks, drifts, few, many)) {
      launch.close();
    }
    if (mass != null) {
      mass.close();
    }
  }
}
