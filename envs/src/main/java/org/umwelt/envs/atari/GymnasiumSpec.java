package org.umwelt.envs.atari;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.registry.EnvironmentId;

/** The games that Gymnasium can make too, as its {@code EnvSpec} in JSON. */
final class GymnasiumSpec {
  private static final Set<String> ARGUMENTS =
      Set.of(
          "mode",
          "difficulty",
          "obs_type",
          "frameskip",
          "repeat_action_probability",
          "full_action_space",
          "max_num_frames_per_episode");

  private GymnasiumSpec() {}

  /** Returns the specification; null where Gymnasium does not know the id or an argument. */
  static @Nullable String of(EnvironmentId id) {
    // Gymnasium takes a range of skips as a tuple, which JSON does not have.
    if (!ARGUMENTS.containsAll(id.arguments().keySet())
        || id.arguments().getOrDefault("frameskip", "").contains("-")) {
      return null;
    }
    return AtariGame.all().stream()
        .filter(game -> id.name().equals("ALE/%s-v5".formatted(game.name())))
        .findFirst()
        .map(game -> of(id, game))
        .orElse(null);
  }

  private static String of(EnvironmentId id, AtariGame game) {
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    spec.put("id", id.name()).put("entry_point", "ale_py.env:AtariEnv");
    spec.putNull("reward_threshold").put("nondeterministic", false).putNull("max_episode_steps");
    spec.put("order_enforce", true).put("disable_env_checker", false);
    ObjectNode arguments = spec.putObject("kwargs");
    arguments
        .put("game", game.rom())
        .put("repeat_action_probability", 0.25)
        .put("full_action_space", false)
        .put("frameskip", 4)
        .put("max_num_frames_per_episode", 108000);
    id.arguments().forEach((name, value) -> put(arguments, name, value));
    spec.putArray("additional_wrappers");
    spec.put("vector_entry_point", "ale_py.vector_env:AtariVectorEnv");
    return spec.toString();
  }

  private static void put(ObjectNode arguments, String name, String value) {
    if (value.equals("true") || value.equals("false")) {
      arguments.put(name, value.equals("true"));
    } else if (value.matches("-?\\d{1,18}")) {
      arguments.put(name, Long.parseLong(value));
    } else if (value.matches("-?\\d+\\.\\d+(?:[eE]-?\\d+)?")) {
      arguments.put(name, Double.parseDouble(value));
    } else {
      arguments.put(name, value);
    }
  }
}
