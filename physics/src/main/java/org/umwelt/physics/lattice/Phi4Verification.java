package org.umwelt.physics.lattice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.umwelt.kernels.backend.Backend;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;
import org.umwelt.physics.statistics.Estimate;

/**
 * {@code umwelt verify phi4}: samplers against the exact result for the couplings asked for, which
 * is computed here: the free field by its modes, a ring and small squares by transfer matrix,
 * hypercubes of length 2 by summing over halves.
 */
public final class Phi4Verification implements Verification {
  private static final double WORST_VIRIAL = 1e-4; // of an exact result, well below what is sampled
  private static final double MOST_ERRORS = 4; // standard errors that a mean may be off
  private static final int BURN_IN_PART = 10; // one sweep in so many
  private static final int RING_NODES = 64;
  private static final int[] SQUARE_NODES = {0, 0, 24, 12, 10}; // by length
  private static final int[] HYPERCUBE_NODES = {0, 0, 24, 20, 8}; // by dimensions

  @Override
  public String name() {
    return "phi4";
  }

  @Override
  public String summary() {
    return "samplers of the phi^4 lattice against exact results for any couplings of a small lattice";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("dim", 2, 1, 4, "Dimensions."),
        Setting.integer("size", 3, 2, 64, "Sites in each dimension."),
        Setting.number("m2", -4, -1000, 1000, "Mass squared, in the action without any 1/2."),
        Setting.number("lambda", 6.975, 0, 1000, "Quartic coupling; 0 for the free field."),
        Setting.text(
            "samplers",
            "metropolis,heatbath,metropolis+swendsen-wang,metropolis+wolff,hmc+wolff,leapfrog+wolff",
            "What is compared, several joined by commas; each of updates joined by +."),
        Setting.integer("chains", 8, 1, 4096, "Chains side by side."),
        Setting.integer("sweeps", 10_000, 100, 1_000_000, "Measured sweeps of each chain."),
        Setting.integer("seed", 1, 0, Integer.MAX_VALUE, "Of everything random."),
        Setting.integer("threads", 2, 1, 256, "Workers; results do not depend on them."),
        Backends.setting());
  }

  @Override
  public List<Check> run(Settings settings, Consumer<String> progress) {
    int dimensions = settings.intValue("dim");
    int size = settings.intValue("size");
    Phi4 action =
        refusing(() -> Phi4.mass(dimensions, settings.number("m2"), settings.number("lambda")));
    Lattice lattice = refusing(() -> Lattice.cube(dimensions, size));
    progress.accept("exact result");
    ExactObservables exact = exact(lattice, action, size);
    List<Check> checks = new ArrayList<>();
    double virial =
        2
                * (action.quadratic() * exact.phi2()
                    - 2 * action.hopping() * dimensions * exact.neighbour())
            + 4 * action.quartic() * exact.phi4();
    if (!(Math.abs(virial - 1) < WORST_VIRIAL)) {
      throw new BadRequestException(
          "verify phi4: expected an exact result that obeys the virial identity, it gives %s instead of 1: too few nodes for these couplings; take weaker ones or a smaller lattice"
              .formatted(virial));
    }
    checks.add(Check.within("virial identity of the exact result", 1, virial, WORST_VIRIAL));
    int sweeps = settings.intValue("sweeps");
    try (Backend backend = Backends.open(settings.text("backend"), settings.intValue("threads"))) {
      for (String words : settings.text("samplers").split(",", -1)) {
        Chains chains =
            refusing(() ->
                new Chains(lattice, action, settings.intValue("chains"), settings.integer("seed")));
        try (Sampler sampler = Sampler.of(words.strip(), chains, backend)) {
          progress.accept(
              "%s on %s %s".formatted(sampler.name(), backend.name(), backend.device()));
          sampler.burnIn(sweeps / BURN_IN_PART);
          compare(sampler, chains, sweeps, exact, checks);
        }
      }
    }
    return checks;
  }

  /** Makes what may be refused: settings that do not go together. */
  private static <T> T refusing(Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("verify phi4: " + e.getMessage(), e);
    }
  }

  private static ExactObservables exact(Lattice lattice, Phi4 action, int size) {
    int dimensions = lattice.dimensions();
    if (action.quartic() == 0) {
      FreeField free = new FreeField(lattice, action);
      int[] next = new int[dimensions];
      next[0] = 1;
      double phi2 = free.correlation(new int[dimensions]);
      return new ExactObservables(
          free.logPartitionFunction(),
          phi2,
          3 * phi2 * phi2, // Gaussian
          free.correlation(next),
          free.magnetisationSquared());
    }
    if (dimensions == 1) {
      return Circle.compute(action, size, RING_NODES);
    }
    if (size == 2) {
      return Hypercube.compute(action, HYPERCUBE_NODES[dimensions]);
    }
    if (dimensions == 2 && size < SQUARE_NODES.length) {
      return new TransferMatrix(action, size, SQUARE_NODES[size]).compute().observables();
    }
    throw new BadRequestException(
        "verify phi4: expected a lattice with an exact result (lambda=0; dim=1; size=2; dim=2 up to size=4), got %s with lambda=%s"
            .formatted(lattice, action.quartic()));
  }

  private static void compare(
      Sampler sampler, Chains chains, int sweeps, ExactObservables exact, List<Check> checks) {
    Observables observables = new Observables(chains);
    for (int t = 0; t < sweeps; t++) {
      sampler.sweep();
      observables.measure();
    }
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("phi^2", exact.phi2());
    values.put("phi^4", exact.phi4());
    values.put("neighbour", exact.neighbour());
    values.put("M^2", exact.magnetisationSquared());
    values.put("M", 0.0);
    values.put("virial", 1.0);
    Map<String, Estimate> found = observables.estimates();
    values.forEach((quantity, value) ->
        checks.add(
            check(
                sampler.name() + " " + quantity,
                Objects.requireNonNull(found.get(quantity)),
                value)));
  }

  /** A mean agrees where it is near, and where its error can be trusted. */
  private static Check check(String quantity, Estimate estimate, double exact) {
    double pull = estimate.pull(exact);
    String trust =
        estimate.converged()
            ? ""
            : ", but %.0f measurements a chain are too few for tau_int %.1f"
                .formatted((double) estimate.samples() / estimate.chains(), estimate.tauInt());
    return new Check(
        quantity,
        String.format(Locale.ROOT, "%.10f", exact),
        String.format(
            Locale.ROOT,
            "%.7f, error %.7f, pull %.2f, tau_int %.2f%s",
            estimate.value(),
            estimate.error(),
            pull,
            estimate.tauInt(),
            trust),
        "%.0f errors".formatted(MOST_ERRORS),
        Math.abs(pull) < MOST_ERRORS && estimate.converged());
  }
}
