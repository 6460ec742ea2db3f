package org.umwelt.envs.check;

import java.util.List;
import java.util.function.Consumer;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;

/** {@code umwelt verify env}: any environment against the environment contract. */
public final class EnvironmentVerification implements Verification {
  @Override
  public String name() {
    return "env";
  }

  @Override
  public String summary() {
    return "any environment against the environment contract";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("id", "", "The environment, perhaps with keyword arguments."),
        Setting.integer("seed", 7, 0, Integer.MAX_VALUE, "Seed of worlds and actions."),
        Setting.integer("steps", 300, 10, 1_000_000, "Steps that each check takes."));
  }

  @Override
  public List<Check> run(Settings settings, Consumer<String> progress) {
    String id = settings.text("id");
    if (id.isEmpty()) {
      throw new BadRequestException(
          "verify env: expected the id of an environment, such as id=umwelt/Catch-v0");
    }
    Environments.make(id).close(); // refuses what cannot be made before anything is said
    progress.accept("checking " + id);
    return EnvironmentChecker.check(id, settings.integer("seed"), settings.intValue("steps"));
  }
}
