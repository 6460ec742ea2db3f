package org.umwelt.agents.phi4;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.Lattice;
import org.umwelt.physics.lattice.Phi4;

/**
 * What a sampling of the phi^4 lattice is asked for.
 *
 * @param lattice its shape
 * @param action in the convention asked for
 * @param sampler updates joined by +
 * @param chains side by side
 * @param burnIn sweeps before the first measurement
 * @param sweeps behind it, of each chain
 * @param measureEvery sweeps from one measurement to the next
 * @param keepEvery measurements from one kept configuration to the next; 0 keeps none
 * @param seed of everything random
 * @param threads workers; the result does not depend on them
 * @param backend where kernels run
 */
record Phi4Config(
    Lattice lattice,
    Phi4 action,
    String sampler,
    int chains,
    int burnIn,
    int sweeps,
    int measureEvery,
    int keepEvery,
    long seed,
    int threads,
    String backend) {
  private static final String MASS = "mass";
  private static final String TEXTBOOK = "textbook";
  private static final String KAPPA = "kappa";
  private static final int BURN_IN_PART = 10; // one sweep in so many

  /** The couplings each convention has. */
  private static final Map<String, List<String>> COUPLINGS =
      Map.of(
          MASS, List.of("m2", "lambda"),
          TEXTBOOK, List.of("m2", "g"),
          KAPPA, List.of("kappa", "lambda"));

  private static final List<String> EVERY_COUPLING = List.of("m2", "lambda", "kappa", "g");

  static List<Setting> settings() {
    return List.of(
        Setting.text("size", "8", "Sites in each dimension, or of each as in 64x32."),
        Setting.integer("dim", 2, 1, 4, "Dimensions, where size is one number."),
        Setting.choice(
            "convention",
            MASS,
            List.of(MASS, KAPPA, TEXTBOOK),
            "How couplings are meant: mass (m2, lambda; squared differences without 1/2), kappa (kappa, lambda), textbook (m2, g; 1/2, 1/2, 1/4!)."),
        Setting.number("m2", -4, -1000, 1000, "Mass squared; of mass and textbook."),
        Setting.number("lambda", 6.008, 0, 1000, "Quartic coupling; of mass and kappa."),
        Setting.number("kappa", 0.25, 0, 1000, "Hopping; of kappa."),
        Setting.number("g", 24, 0, 100_000, "Quartic coupling; of textbook."),
        Setting.text(
            "sampler",
            "wolff+metropolis",
            "Updates joined by +, which take turns: metropolis, heatbath, overrelaxation, hmc, hmc-fourier, leapfrog, wolff, swendsen-wang."),
        Setting.integer("chains", 8, 1, 1 << 20, "Chains side by side."),
        Setting.integer("sweeps", 10_000, 2, 1_000_000_000, "Sweeps of each chain behind burn-in."),
        Setting.text(
            "burn_in", "", "Sweeps before the first measurement; a tenth of sweeps where empty."),
        Setting.integer("measure", 1, 1, 1_000_000, "Sweeps from one measurement to the next."),
        Setting.integer(
            "keep",
            10,
            0,
            1_000_000_000,
            "Measurements from one configuration that is kept to the next; 0 keeps none."),
        Setting.integer("seed", 1, 0, Integer.MAX_VALUE, "Of everything random."),
        Setting.integer("threads", 2, 1, 256, "Workers; results do not depend on them."),
        Backends.setting());
  }

  static Phi4Config of(Settings settings) {
    Lattice lattice = refusing(settings, () -> lattice(settings));
    Phi4 action = refusing(settings, () -> action(settings, lattice.dimensions()));
    int sweeps = settings.intValue("sweeps");
    int measure = settings.intValue("measure");
    if (sweeps / measure < 2) {
      throw new BadRequestException(
          "%s: expected at least 2 measurements, got sweeps=%d with measure=%d; take more sweeps or measure more often"
              .formatted(settings.owner(), sweeps, measure));
    }
    return new Phi4Config(
        lattice,
        action,
        settings.text("sampler"),
        settings.intValue("chains"),
        burnIn(settings, sweeps),
        sweeps,
        measure,
        settings.intValue("keep"),
        settings.integer("seed"),
        settings.intValue("threads"),
        settings.text("backend"));
  }

  /** Makes what may be refused: settings that do not go together. */
  static <T> T refusing(Settings settings, Supplier<T> make) {
    try {
      return make.get();
    } catch (BadRequestException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(settings.owner() + ": " + e.getMessage(), e);
    }
  }

  private static Lattice lattice(Settings settings) {
    String[] words = settings.text("size").split("x", -1);
    int[] lengths;
    try {
      lengths = Arrays.stream(words).mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "%s: expected size to be a length or lengths joined by x, as in 64x32, got %s"
              .formatted(settings.owner(), settings.text("size")),
          e);
    }
    if (lengths.length == 1) {
      return Lattice.cube(settings.intValue("dim"), lengths[0]);
    }
    if (settings.isGiven("dim") && settings.intValue("dim") != lengths.length) {
      throw new BadRequestException(
          "%s: expected as many lengths as dimensions, got size=%s and dim=%s; leave out dim"
              .formatted(settings.owner(), settings.text("size"), settings.text("dim")));
    }
    return new Lattice(lengths);
  }

  private static Phi4 action(Settings settings, int dimensions) {
    String convention = settings.text("convention");
    List<String> couplings = COUPLINGS.getOrDefault(convention, List.of());
    for (String name : EVERY_COUPLING) {
      if (settings.isGiven(name) && !couplings.contains(name)) {
        throw new BadRequestException(
            "%s: convention=%s has the couplings %s, got %s; choose the convention it belongs to"
                .formatted(settings.owner(), convention, String.join(" and ", couplings), name));
      }
    }
    if (!convention.equals(MASS) && !couplings.stream().allMatch(settings::isGiven)) {
      throw new BadRequestException(
          "%s: expected %s with convention=%s, the defaults are of convention=mass"
              .formatted(settings.owner(), String.join(" and ", couplings), convention));
    }
    return switch (convention) {
      case KAPPA -> Phi4.kappa(dimensions, settings.number("kappa"), settings.number("lambda"));
      case TEXTBOOK -> Phi4.textbook(dimensions, settings.number("m2"), settings.number("g"));
      default -> Phi4.mass(dimensions, settings.number("m2"), settings.number("lambda"));
    };
  }

  private static int burnIn(Settings settings, int sweeps) {
    String given = settings.text("burn_in");
    if (given.isEmpty()) {
      return sweeps / BURN_IN_PART;
    }
    try {
      int burnIn = Integer.parseInt(given);
      if (burnIn >= 0) {
        return burnIn;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw new BadRequestException(
        "%s: expected burn_in to be a whole number of sweeps, or empty for a tenth of those measured, got %s"
            .formatted(settings.owner(), given));
  }

  /** Returns whether the default of a setting may be written out: couplings have one convention. */
  static boolean hasDefault(String name, String convention) {
    return EVERY_COUPLING.contains(name)
        ? convention.equals(MASS) && COUPLINGS.getOrDefault(MASS, List.of()).contains(name)
        : !name.equals("dim"); // size may say it
  }

  /** Returns the settings in the configuration of a run. */
  static Settings read(JsonNode config) {
    SequencedMap<String, String> given = new LinkedHashMap<>();
    List<String> couplings = COUPLINGS.getOrDefault(config.path("convention").asText(), List.of());
    for (Setting setting : settings()) {
      String name = setting.name();
      boolean ofOthers = EVERY_COUPLING.contains(name) && !couplings.contains(name);
      if (config.has(name) && !ofOthers) {
        given.put(name, config.path(name).asText());
      }
    }
    if (given.getOrDefault("size", "").contains("x")) {
      given.remove("dim"); // says nothing then
    }
    return new Settings("phi4", settings(), given);
  }

  int measurements() {
    return sweeps / measureEvery;
  }

  /** Returns the couplings in the conventions that have them. */
  String couplings() {
    StringBuilder text = new StringBuilder();
    if (action.hopping() > 0) {
      Phi4 mass = action.scaled(action.toMass());
      text.append(
          String.format(
              Locale.ROOT, "m2 %.6g, lambda %.6g; ", action.massSquared(), mass.quartic()));
    }
    Phi4 kappa = action.scaled(action.toKappa());
    return text.append(
            String.format(
                Locale.ROOT,
                "kappa %.6g, lambda %.6g in the convention of kappa",
                kappa.hopping(),
                kappa.quartic()))
        .toString();
  }
}
