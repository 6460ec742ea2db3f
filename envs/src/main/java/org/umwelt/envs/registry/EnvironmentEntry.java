package org.umwelt.envs.registry;

import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * One id in the registry.
 *
 * @param id {@code [namespace/]name[-vN]}, as in Gymnasium
 * @param summary one line for {@code umwelt list}
 * @param settings the keyword arguments it takes
 * @param factory makes one
 */
public record EnvironmentEntry(String id, String summary, List<Setting> settings, Factory factory) {

  /** Copies the settings. */
  public EnvironmentEntry {
    settings = List.copyOf(settings);
  }

  /** Makes an environment from its keyword arguments. */
  @FunctionalInterface
  public interface Factory {
    /**
     * Makes one.
     *
     * @throws org.umwelt.kernels.settings.BadRequestException where something it needs is not there
     */
    Environment make(Settings settings);
  }
}
