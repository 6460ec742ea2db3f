package org.umwelt.envs.gym;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.kernels.settings.BadRequestException;

/** The ids {@code gym:<id>}: whatever {@code gymnasium.make} makes. */
public final class GymProvider implements EnvironmentProvider {
  /** What Gymnasium said of the environments made so far. */
  private static final Map<EnvironmentId, String> SPECS = new ConcurrentHashMap<>();

  /** Keeps the {@code EnvSpec} of an id that was made. */
  static void remember(String id, JsonNode spec) {
    if (spec.isObject()) {
      SPECS.put(EnvironmentId.parse(id), spec.toString());
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Known once this JVM has made the environment, as whoever records it has.
   */
  @Override
  public @Nullable String gymnasiumSpec(EnvironmentId id) {
    return SPECS.get(id);
  }

  @Override
  public List<EnvironmentEntry> entries() {
    return List.of();
  }

  @Override
  public SequencedMap<String, String> forms() {
    SequencedMap<String, String> forms = new TreeMap<>();
    forms.put(
        GymRequest.PREFIX + "ID",
        "What gymnasium.make(ID) makes, in Python processes: gym:CartPole-v1.");
    return forms;
  }

  @Override
  public @Nullable EnvironmentEntry resolve(EnvironmentId id) {
    if (!id.name().startsWith(GymRequest.PREFIX)) {
      return null;
    }
    if (id.name().length() == GymRequest.PREFIX.length()) {
      throw new BadRequestException("expected an id such as gym:CartPole-v1, got " + id.name());
    }
    return new EnvironmentEntry(
        id.name(),
        "Gymnasium's %s.".formatted(id.name().substring(GymRequest.PREFIX.length())),
        GymRequest.settings(id),
        settings -> new GymEnvironment(GymRequest.of(id, settings)),
        (settings, n, workers, mode) ->
            GymVectorEnvironment.open(GymRequest.of(id, settings), n, workers, mode));
  }
}
