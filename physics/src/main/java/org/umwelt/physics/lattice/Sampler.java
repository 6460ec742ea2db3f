package org.umwelt.physics.lattice;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.physics.lattice.HybridMonteCarlo.Integrator;

/** Updates that move chains in turn. */
public final class Sampler implements AutoCloseable {
  private static final double WIDTH = 1;
  private static final double TRAJECTORY = 1; // its length; the step is adapted in burn-in
  private static final int STEPS = 10;
  private static final double LENGTHS = 4; // correlation lengths of a lattice
  private static final int CLUSTERS = 2;

  private final String name;
  private final Chains chains;
  private final List<Update> updates;

  private Sampler(String name, Chains chains, List<Update> updates) {
    this.name = name;
    this.chains = chains;
    this.updates = List.copyOf(updates);
  }

  /**
   * Returns the sampler of some updates.
   *
   * @param words metropolis, heatbath, overrelaxation, hmc (Omelyan), hmc-fourier, leapfrog, wolff
   *     or swendsen-wang, joined by +
   * @param backend runs kernels; not closed here
   * @throws BadRequestException where a word is none of these, or none of them reaches every field
   */
  public static Sampler of(String words, Chains chains, Backend backend) {
    List<Update> updates = new ArrayList<>();
    try {
      for (String word : words.split("\\+", -1)) {
        updates.add(update(word.strip(), words, chains, backend));
      }
      if (updates.stream().noneMatch(Sampler::isErgodic)) {
        throw new BadRequestException(
            "sampler=%s: expected an update that reaches every field, which clusters and overrelaxation do not; add +metropolis, +heatbath or +hmc"
                .formatted(words));
      }
    } catch (RuntimeException e) {
      updates.forEach(Update::close);
      throw e;
    }
    return new Sampler(words, chains, updates);
  }

  /**
   * Returns M^2 of {@link FourierMass}: that of the action where it is larger than that of a
   * correlation length of a quarter of the lattice, which interacting fields are mostly tuned to.
   */
  private static double massSquared(Chains chains) {
    double shortest = Arrays.stream(chains.lattice().shape()).min().orElseThrow();
    double tuned = LENGTHS * LENGTHS / (shortest * shortest);
    return chains.action().hopping() == 0 ? tuned : Math.max(tuned, chains.action().massSquared());
  }

  private static Update update(String word, String words, Chains chains, Backend backend) {
    return switch (word) {
      case "metropolis" -> new Metropolis(chains, WIDTH, backend);
      case "hmc" ->
          new HybridMonteCarlo(
              chains, Integrator.OMELYAN, 2 * TRAJECTORY / STEPS, STEPS / 2, backend);
      case "hmc-fourier" ->
          new HybridMonteCarlo(
              chains,
              Integrator.OMELYAN,
              2 * TRAJECTORY / STEPS,
              STEPS / 2,
              massSquared(chains),
              backend);
      case "leapfrog" ->
          new HybridMonteCarlo(chains, Integrator.LEAPFROG, TRAJECTORY / STEPS, STEPS, backend);
      case "heatbath" -> new HeatBath(chains, backend);
      case "overrelaxation" -> new OverRelaxation(chains, backend);
      case "wolff" -> new Wolff(CLUSTERS);
      case "swendsen-wang" -> new SwendsenWang();
      default ->
          throw new BadRequestException(
              "expected sampler to be metropolis, heatbath, overrelaxation, hmc, hmc-fourier, leapfrog, wolff and swendsen-wang joined by +, got "
                  + words);
    };
  }

  private static boolean isErgodic(Update update) {
    return switch (update) {
      case Wolff _, SwendsenWang _, OverRelaxation _ -> false;
      default -> true;
    };
  }

  /** Returns its name, for results. */
  public String name() {
    return name;
  }

  /** Returns its updates, in order. */
  public List<Update> updates() {
    return updates;
  }

  /**
   * Applies every update once.
   *
   * @return share of proposals each of them accepted
   */
  public double[] sweep() {
    return updates.stream().mapToDouble(update -> update.apply(chains)).toArray();
  }

  /** Sweeps and adapts the sizes of proposals; what is measured comes afterwards. */
  public void burnIn(int sweeps) {
    for (int i = 0; i < sweeps; i++) {
      double[] accepted = sweep();
      for (int k = 0; k < accepted.length; k++) {
        updates.get(k).adapt(accepted[k]);
      }
    }
  }

  /** Writes the chains and the sizes of proposals. */
  public void writeState(DataOutput out) throws IOException {
    chains.writeState(out);
    for (Update update : updates) {
      out.writeDouble(update.size());
    }
  }

  /**
   * Goes on exactly where a sampler of the same updates stood when it wrote its state.
   *
   * @throws IOException see {@link Chains#readState}
   */
  public void readState(DataInput in) throws IOException {
    chains.readState(in);
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
