package org.umwelt.envs.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.umwelt.envs.Environment;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.settings.Suggestions;

/** The registry of environment ids. */
public final class Environments {
  private Environments() {}

  /** Returns every id that can be listed, sorted. */
  public static List<EnvironmentEntry> entries() {
    List<EnvironmentEntry> entries = new ArrayList<>();
    for (EnvironmentProvider provider : ServiceLoader.load(EnvironmentProvider.class)) {
      entries.addAll(provider.entries());
    }
    entries.sort(Comparator.comparing(EnvironmentEntry::id));
    return entries;
  }

  /**
   * Makes an environment.
   *
   * @param id an id, perhaps with keyword arguments: {@code ALE/Pong-v5?frameskip=1}
   * @throws BadRequestException where the id or an argument is unknown or something the environment
   *     needs is not there
   */
  public static Environment make(String id) {
    EnvironmentId parsed = EnvironmentId.parse(id);
    EnvironmentEntry entry = find(parsed.name());
    return entry.factory().make(new Settings(id, entry.settings(), parsed.arguments()));
  }

  /** Returns the entry of an id without keyword arguments. */
  public static EnvironmentEntry find(String name) {
    List<EnvironmentEntry> entries = entries();
    for (EnvironmentEntry entry : entries) {
      if (entry.id().equals(name)) {
        return entry;
      }
    }
    for (EnvironmentProvider provider : ServiceLoader.load(EnvironmentProvider.class)) {
      EnvironmentEntry entry = provider.resolve(name);
      if (entry != null) {
        return entry;
      }
    }
    throw new BadRequestException(
        "unknown environment %s%s (umwelt list environments names all)"
            .formatted(
                name,
                Suggestions.didYouMean(name, entries.stream().map(EnvironmentEntry::id).toList())));
  }
}
