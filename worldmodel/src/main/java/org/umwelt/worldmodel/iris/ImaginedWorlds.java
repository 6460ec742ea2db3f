package org.umwelt.worldmodel.iris;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The ids {@code imagine:PATH}, where PATH is what {@link SavedIris#open} reads.
 *
 * <p>A run folder stands for its newest checkpoint; who records in one that is still trained names
 * a checkpoint, so that the recording can be simulated again.
 */
public final class ImaginedWorlds implements EnvironmentProvider {
  private static final String PREFIX = "imagine:";

  @Override
  public List<EnvironmentEntry> entries() {
    return List.of();
  }

  @Override
  public SequencedMap<String, String> forms() {
    return new TreeMap<>(
        Map.of(
            PREFIX + "PATH", "What a trained IRIS model imagines; PATH is a run or its weights."));
  }

  @Override
  public @Nullable EnvironmentEntry resolve(EnvironmentId id) {
    if (!id.name().startsWith(PREFIX)) {
      return null;
    }
    SavedIris saved = saved(id.name());
    return new EnvironmentEntry(
        id.name(),
        "What the model in %s imagines.".formatted(saved.file()),
        ImaginationConfig.settings(saved),
        settings -> new ImaginedEnvironment(ImaginationConfig.of(saved, settings)));
  }

  @Override
  public String version(EnvironmentId id) {
    return id.name().startsWith(PREFIX) ? saved(id.name()).digest() : "";
  }

  /** Reads the model of an id without keyword arguments. */
  static SavedIris saved(String id) {
    if (!id.startsWith(PREFIX)) {
      throw new BadRequestException("expected an id %sPATH, got %s".formatted(PREFIX, id));
    }
    return SavedIris.require(id.substring(PREFIX.length()), id);
  }
}
