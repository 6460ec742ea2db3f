package org.umwelt.envs.lattice;

import java.util.List;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.physics.lattice.Lattice;
import org.umwelt.physics.lattice.Phi4;

/** The ids of lattice environments. */
public final class LatticeEnvironments implements EnvironmentProvider {
  @Override
  public List<EnvironmentEntry> entries() {
    return List.of(
        new EnvironmentEntry(
            Phi4Environment.ID,
            "Choose the updates of phi^4 chains; paid in effective samples per work (8 actions).",
            List.of(
                Setting.integer("dim", 2, 1, 4, "Dimensions."),
                Setting.integer("size", 8, 2, 512, "Sites in each dimension."),
                Setting.number("m2", -4, -1000, 1000, "Mass squared, in the action without 1/2."),
                Setting.number("lambda", 6.008, 0, 1000, "Quartic coupling."),
                Setting.integer("chains", 4, 1, 256, "Chains that move together."),
                Setting.integer(
                    "budget", 500, 10, 2000, "Work of an episode, in updates of every site."),
                Setting.integer(
                    "burn_in", 50, 1, 100_000, "Rounds of all updates that tune and thermalise.")),
            LatticeEnvironments::phi4));
  }

  private static Phi4Environment phi4(Settings settings) {
    try {
      int dimensions = settings.intValue("dim");
      return new Phi4Environment(
          Lattice.cube(dimensions, settings.intValue("size")),
          Phi4.mass(dimensions, settings.number("m2"), settings.number("lambda")),
          settings.intValue("chains"),
          settings.intValue("budget"),
          settings.intValue("burn_in"));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(settings.owner() + ": " + e.getMessage(), e);
    }
  }
}
