package org.umwelt.agents.phi4;

import java.util.Arrays;
import java.util.List;
import org.umwelt.agents.sampling.Sampling;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * {@code umwelt sample phi4-slowing}: how the autocorrelation time of samplers grows with the size
 * of the lattice where the correlation length grows with it.
 *
 * <p>The couplings of the default are those of arXiv 1904.12072 and 2207.00283, at which the
 * correlation length is a quarter of the size.
 */
public final class SlowingDown implements Sampling {
  @Override
  public String name() {
    return "phi4-slowing";
  }

  @Override
  public String summary() {
    return "critical slowing down of samplers of the phi^4 lattice: autocorrelation time against size, exponents, plot";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("sizes", "6,8,10,12,14,20", "Sites in each of two dimensions."),
        Setting.text(
            "lambdas", "6.975,6.008,5.55,5.276,5.113,4.807", "Quartic coupling at each size."),
        Setting.number("m2", -4, -1000, 1000, "Mass squared, in the action without any 1/2."),
        Setting.text(
            "samplers", "metropolis,hmc,wolff+metropolis", "What is compared, joined by commas."),
        Setting.integer("chains", 8, 1, 256, "Chains side by side."),
        Setting.integer("sweeps", 20_000, 100, 1_000_000, "Measured sweeps of each chain."),
        Setting.integer("seed", 1, 0, Integer.MAX_VALUE, "Of everything random."),
        Setting.integer("threads", 2, 1, 256, "Workers; results do not depend on them."),
        Backends.setting());
  }

  @Override
  public Trainer start(Settings values, TrainingContext context) {
    int[] sizes = sizes(values);
    double[] lambdas = numbers(values, "lambdas");
    if (sizes.length != lambdas.length || sizes.length < 2) {
      throw new BadRequestException(
          "phi4-slowing: expected at least 2 sizes and a lambda for each, got sizes=%s and lambdas=%s"
              .formatted(values.text("sizes"), values.text("lambdas")));
    }
    return Phi4Config.refusing(
        values, () -> new SlowingDownRun(values, sizes, lambdas, context.run()));
  }

  private static int[] sizes(Settings values) {
    try {
      return Arrays.stream(values.text("sizes").split(",", -1))
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "phi4-slowing: expected sizes to be whole numbers joined by commas, got %s"
              .formatted(values.text("sizes")),
          e);
    }
  }

  private static double[] numbers(Settings values, String name) {
    try {
      return Arrays.stream(values.text(name).split(",", -1))
          .mapToDouble(Double::parseDouble)
          .toArray();
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "phi4-slowing: expected %s to be numbers joined by commas, got %s"
              .formatted(name, values.text(name)),
          e);
    }
  }
}
