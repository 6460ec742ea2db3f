package org.umwelt.agents.phi4;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.Chains;
import org.umwelt.physics.lattice.Observables;
import org.umwelt.physics.lattice.RunningEstimates;
import org.umwelt.physics.lattice.Sampler;

/**
 * Chains of the phi^4 lattice, what moves them and what is measured of them.
 *
 * <p>Sweep by sweep it draws the same numbers as {@code umwelt sample phi4} with the same settings,
 * without an end: burn-in, in which the sizes of proposals are adapted, then sweeps that are
 * measured, of which the latest are kept.
 */
public final class Phi4Sampler implements AutoCloseable {
  private static final int BURN_IN = 200;

  private final Phi4Config config;
  private final Backend backend;
  private final WorkerTeam team;
  private final Chains chains;
  private final Sampler sampler;
  private final Observables observables;
  private long sweeps;
  private double[] accepted;

  /**
   * Prepares a sampling.
   *
   * @param most measurements of each chain that are kept
   * @throws BadRequestException where the sampler is none
   */
  Phi4Sampler(Phi4Config config, int most) {
    this.config = config;
    chains = new Chains(config.lattice(), config.action(), config.chains(), config.seed());
    backend = Backends.open(config.backend(), config.threads());
    team = new WorkerTeam(config.threads());
    Sampler made = null;
    try {
      made = Sampler.of(config.sampler(), chains, backend);
      sampler = made;
      observables = new Observables(chains, sampler.updates(), true, team, most);
    } catch (RuntimeException e) {
      if (made != null) {
        made.close();
      }
      team.close();
      backend.close();
      throw e;
    }
    accepted = new double[sampler.updates().size()];
  }

  /** Returns the settings of a sampling without an end. */
  public static List<Setting> settings() {
    return Phi4Config.settings().stream()
        .filter(setting -> !setting.name().equals("sweeps") && !setting.name().equals("keep"))
        .map(setting ->
            setting.name().equals("burn_in")
                ? Setting.integer(
                    "burn_in",
                    BURN_IN,
                    0,
                    Integer.MAX_VALUE,
                    "Sweeps before the first measurement.")
                : setting)
        .toList();
  }

  /**
   * Starts chains.
   *
   * @param values of at least {@link #settings}
   * @throws BadRequestException where they do not go together
   */
  public static Phi4Sampler open(Settings values) {
    Phi4Config config = Phi4Config.of(whole(values));
    return Phi4Config.refusing(
        values,
        () -> new Phi4Sampler(config, RunningEstimates.measurementsToKeep(config.chains())));
  }

  /** Returns the settings of {@code umwelt sample phi4} that draw the same, defaults included. */
  private static Settings whole(Settings values) {
    Map<String, String> given = new LinkedHashMap<>();
    for (Setting setting : settings()) {
      String name = setting.name();
      if (values.isGiven(name) || Phi4Config.hasDefault(name, values.text("convention"))) {
        given.put(name, values.text(name));
      }
    }
    return new Settings(values.owner(), Phi4Config.settings(), given);
  }

  /**
   * Sweeps every chain once.
   *
   * @return whether they were measured afterwards
   */
  public boolean sweep() {
    sweeps++;
    if (isBurningIn()) {
      sampler.burnIn(1);
      return false;
    }
    accepted = sampler.sweep();
    if ((sweeps - config.burnIn()) % config.measureEvery() != 0) {
      return false;
    }
    observables.measure();
    return true;
  }

  /** Returns whether the last sweep was of the burn-in. */
  public boolean isBurningIn() {
    return sweeps <= config.burnIn();
  }

  /** Returns how many sweeps the burn-in takes. */
  public int burnIn() {
    return config.burnIn();
  }

  /** Returns how many sweeps were done, burn-in included. */
  public long sweeps() {
    return sweeps;
  }

  /** Returns how many sweeps lie between two measurements. */
  public int measureEvery() {
    return config.measureEvery();
  }

  /** Returns the chains. */
  public Chains chains() {
    return chains;
  }

  /** Returns what is asked for, in one line. */
  public String summary() {
    return config.couplings();
  }

  /** Returns what is measured. */
  public Observables observables() {
    return observables;
  }

  /** Returns the share of proposals each update accepted in the last sweep behind burn-in. */
  public double[] accepted() {
    return accepted;
  }

  /** Returns the names of the updates, each with its place where there are several of it. */
  public List<String> updateNames() {
    return IntStream.range(0, sampler.updates().size()).mapToObj(this::name).toList();
  }

  private String name(int update) {
    String name = sampler.updates().get(update).name();
    long same = sampler.updates().stream().filter(other -> other.name().equals(name)).count();
    return same > 1 ? String.format(Locale.ROOT, "%s_%d", name, update + 1) : name;
  }

  /** Returns what moves the chains. */
  Sampler sampler() {
    return sampler;
  }

  Backend backend() {
    return backend;
  }

  @Override
  public void close() {
    sampler.close();
    team.close();
    backend.close();
  }
}
