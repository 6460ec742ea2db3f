package org.umwelt.envs.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * One id in the registry.
 *
 * @param id {@code [namespace/]name[-vN]}, as in Gymnasium
 * @param summary one line for {@code umwelt list}
 * @param settings the keyword arguments it takes
 * @param factory makes one
 * @param vectorFactory makes several that are stepped together; null where they are singles stepped
 *     by threads
 */
public record EnvironmentEntry(
    String id,
    String summary,
    List<Setting> settings,
    Factory factory,
    @Nullable VectorFactory vectorFactory) {

  /** Copies the settings. */
  public EnvironmentEntry {
    settings = List.copyOf(settings);
  }

  /** Creates an entry of which several are singles stepped by threads. */
  public EnvironmentEntry(String id, String summary, List<Setting> settings, Factory factory) {
    this(id, summary, settings, factory, null);
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

  /**
   * Makes environments that are stepped together from their keyword arguments. The entry must then
   * declare the settings that every id takes as its own, since the registry cannot wrap the rows.
   */
  @FunctionalInterface
  public interface VectorFactory {
    /**
     * Makes n.
     *
     * @param workers how many threads or processes may step them; at least 1
     * @throws org.umwelt.kernels.settings.BadRequestException where something it needs is not there
     */
    VectorEnvironment make(Settings settings, int n, int workers, AutoresetMode autoresetMode);
  }
}
