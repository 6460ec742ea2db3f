package org.umwelt.envs.gym;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * What is asked of {@code gymnasium.make}, and how the processes are run.
 *
 * @param id the whole id, for messages: {@code gym:CartPole-v1?max_episode_steps=100}
 * @param gymnasiumId Gymnasium's id: {@code CartPole-v1}, or {@code module:CartPole-v1}
 * @param kwargs keyword arguments of {@code gymnasium.make}
 * @param wrappers a list of pairs, name and keyword arguments, innermost first
 * @param info paths of the infos that are copied at each step, such as {@code episode/r}
 * @param workers how many Python processes; 0 leaves it to the caller
 * @param vector how many environments; 0 leaves it to the caller
 * @param timeout how long one answer may take
 * @param jsonLength most characters of a value of a space without a fixed size
 */
record GymRequest(
    String id,
    String gymnasiumId,
    ObjectNode kwargs,
    ArrayNode wrappers,
    List<String> info,
    int workers,
    int vector,
    Duration timeout,
    int jsonLength) {

  static final String PREFIX = "gym:";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the registry's settings are in Gymnasium; the order is that in which they wrap. */
  private static final List<Setting> OWN =
      List.of(
          Setting.number(
              "sticky_actions",
              0,
              0,
              0.999,
              "Probability of repeating the previous action in place of the one asked for"
                  + " (gymnasium.wrappers.StickyAction)."),
          Setting.integer(
              "max_episode_steps",
              0,
              -1,
              Integer.MAX_VALUE,
              "Steps after which an episode is truncated; 0 for those of its spec, -1 for no"
                  + " limit."),
          Setting.text(
              "wrappers",
              "",
              "Names in gymnasium.wrappers, or module:Class, joined by commas, innermost first; or"
                  + " JSON: [[\"name\",{arguments}],...]."),
          Setting.choice(
              "reward_clip", "none", List.of("none", "sign"), "What becomes of each reward."),
          Setting.integer(
              "frame_stack",
              0,
              0,
              1024,
              "How many last observations are seen along a new first axis; 0 for one, no axis."),
          Setting.text(
              "info",
              "",
              "Numbers of the infos to copy at each step, joined by commas, / for what lies"
                  + " deeper: lives,episode/r."),
          Setting.integer(
              "vector", 0, 0, 1 << 20, "How many environments; 0 as many as are asked for."),
          Setting.integer(
              "workers", 0, 0, 1024, "How many Python processes; 0 as many as threads."),
          Setting.number("timeout", 60, 0.001, 1e6, "Seconds that one answer of Python may take."),
          Setting.integer(
              "json_length",
              4096,
              1,
              1 << 24,
              "Most characters of a value of a Sequence, Graph or OneOf, which are seen as JSON."));

  private static final Set<String> NAMES =
      OWN.stream().map(Setting::name).collect(Collectors.toUnmodifiableSet());

  /** Returns the settings of an id: our own, and whatever else it is given, for Gymnasium. */
  static List<Setting> settings(EnvironmentId id) {
    return Stream.concat(
            OWN.stream(),
            id.arguments().keySet().stream()
                .filter(name -> !NAMES.contains(name))
                .map(name ->
                    Setting.text(name, "", "Handed to gymnasium.make as it is: JSON or text.")))
        .toList();
  }

  /**
   * Reads an id's settings.
   *
   * @throws BadRequestException where {@code wrappers} is neither names nor a list of pairs
   */
  static GymRequest of(EnvironmentId id, Settings settings) {
    ObjectNode kwargs = JsonNodeFactory.instance.objectNode();
    settings
        .given()
        .forEach((name, value) -> {
          if (!NAMES.contains(name)) {
            kwargs.set(name, jsonOrText(value));
          }
        });
    if (settings.integer("max_episode_steps") != 0) {
      kwargs.put("max_episode_steps", settings.integer("max_episode_steps"));
    }
    ArrayNode wrappers = JsonNodeFactory.instance.arrayNode();
    if (settings.number("sticky_actions") > 0) {
      wrapper(wrappers, "StickyAction")
          .put("repeat_action_probability", settings.number("sticky_actions"));
    }
    addWrappers(settings, wrappers);
    if (settings.text("reward_clip").equals("sign")) {
      wrapper(wrappers, "sign");
    }
    if (settings.integer("frame_stack") > 0) {
      wrapper(wrappers, "FrameStackObservation").put("stack_size", settings.integer("frame_stack"));
    }
    return new GymRequest(
        settings.owner(),
        id.name().substring(PREFIX.length()),
        kwargs,
        wrappers,
        words(settings.text("info")),
        settings.intValue("workers"),
        settings.intValue("vector"),
        Duration.ofMillis(Math.max(1, Math.round(settings.number("timeout") * 1000))),
        settings.intValue("json_length"));
  }

  private static ObjectNode wrapper(ArrayNode wrappers, String name) {
    return wrappers.addArray().add(name).addObject();
  }

  private static void addWrappers(Settings settings, ArrayNode wrappers) {
    String text = settings.text("wrappers");
    if (!text.startsWith("[")) {
      words(text).forEach(name -> wrapper(wrappers, name));
      return;
    }
    JsonNode list = jsonOrText(text);
    for (JsonNode pair : list) {
      if (pair.isTextual()) {
        wrapper(wrappers, pair.asText());
      } else if (pair.size() == 2 && pair.get(0).isTextual() && pair.get(1).isObject()) {
        wrappers.add(pair);
      } else {
        throw badWrappers(settings, text);
      }
    }
    if (!list.isArray()) {
      throw badWrappers(settings, text);
    }
  }

  private static BadRequestException badWrappers(Settings settings, String text) {
    return new BadRequestException(
        "%s: wrappers must be names joined by commas, or [[\"name\",{arguments}],...], got %s"
            .formatted(settings.owner(), text));
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split(",", -1)) {
      if (!word.isBlank()) {
        words.add(word.strip());
      }
    }
    return List.copyOf(words);
  }

  private static JsonNode jsonOrText(String value) {
    try {
      JsonNode node = JSON.readTree(value);
      // Only what is JSON as a whole: readTree stops after the 8 of 8x8.
      return !node.isMissingNode() && (node.isContainerNode() || node.asText().equals(value))
          ? node
          : TextNode.valueOf(value);
    } catch (JsonProcessingException _) {
      return TextNode.valueOf(value);
    }
  }

  /** Returns the space of infos: a float64 for each path, with dots for slashes. */
  Dict infoSpace() {
    Dict space = Dict.empty();
    for (String path : info) {
      space =
          space.with(
              path.replace('/', '.'),
              Box.of(DType.FLOAT64, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY));
    }
    return space;
  }

  /**
   * Returns what one process is asked for.
   *
   * @param index number of the process
   * @param first its first row
   * @param count how many rows it has
   * @param size n, how many rows all have
   */
  String toJson(int index, int first, int count, int size, AutoresetMode autoresetMode) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", gymnasiumId)
        .put("index", index)
        .put("first", first)
        .put("count", count)
        .put("size", size)
        .put("autoreset", autoresetMode.name())
        .put("json_length", jsonLength);
    node.set("kwargs", kwargs);
    node.set("wrappers", wrappers);
    ArrayNode paths = node.putArray("info");
    info.forEach(paths::add);
    return node.toString();
  }
}
