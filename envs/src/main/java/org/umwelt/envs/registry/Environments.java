package org.umwelt.envs.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.vector.ParallelVectorEnvironment;
import org.umwelt.envs.wrappers.FrameStack;
import org.umwelt.envs.wrappers.RewardClip;
import org.umwelt.envs.wrappers.StickyAction;
import org.umwelt.envs.wrappers.TimeLimit;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.settings.Suggestions;

/**
 * The registry of environment ids.
 *
 * <p>Besides its own keyword arguments, every id takes {@link #universalSettings()}. Where given,
 * they wrap the environment in this order, innermost first: {@code sticky_actions}, {@code
 * max_episode_steps}, {@code reward_clip}, {@code frame_stack}. An entry that declares one of these
 * names itself sees to it itself, and the registry leaves it alone.
 */
public final class Environments {
  private static final Pattern VERSIONED = Pattern.compile("(.+)-v([0-9]{1,9})");

  private static final List<Setting> UNIVERSAL =
      List.of(
          Setting.number(
              "sticky_actions",
              0,
              0,
              0.999,
              "Probability of repeating the previous action in place of the one asked for."),
          Setting.integer(
              "max_episode_steps",
              0,
              0,
              Integer.MAX_VALUE,
              "Steps after which an episode is truncated; 0 for no limit."),
          Setting.choice(
              "reward_clip", "none", List.of("none", "sign"), "What becomes of each reward."),
          Setting.integer(
              "frame_stack",
              0,
              0,
              1024,
              "How many last observations are seen along a new first axis; 0 for one, no axis."));

  private Environments() {}

  /** Returns the keyword arguments every id takes, in the order in which they wrap. */
  public static List<Setting> universalSettings() {
    return UNIVERSAL;
  }

  /** Returns every keyword argument an entry takes: its own, then those every id takes. */
  public static List<Setting> settings(EnvironmentEntry entry) {
    Set<String> own = names(entry);
    List<Setting> all = new ArrayList<>(entry.settings());
    UNIVERSAL.stream().filter(setting -> !own.contains(setting.name())).forEach(all::add);
    return all;
  }

  private static Set<String> names(EnvironmentEntry entry) {
    return entry.settings().stream().map(Setting::name).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Checks an id and its keyword arguments without making anything.
   *
   * @throws BadRequestException where the id or an argument is unknown
   */
  public static void check(String id) {
    EnvironmentId parsed = EnvironmentId.parse(id);
    new Settings(id, settings(find(parsed)), parsed.arguments());
  }

  /** Returns what {@link EnvironmentProvider#version} says of an id; empty where nothing. */
  public static String version(String id) {
    EnvironmentId parsed = EnvironmentId.parse(id);
    return ServiceLoader.load(EnvironmentProvider.class).stream()
        .map(provider -> provider.get().version(parsed))
        .collect(Collectors.joining());
  }

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
    EnvironmentEntry entry = find(parsed);
    Set<String> own = names(entry);
    Settings settings = new Settings(id, settings(entry), parsed.arguments());

    Environment environment = entry.factory().make(settings);
    try {
      return wrap(environment, settings, own);
    } catch (RuntimeException e) {
      environment.close();
      throw e;
    }
  }

  private static Environment wrap(Environment made, Settings settings, Set<String> own) {
    Environment environment = made;
    if (!own.contains("sticky_actions") && settings.number("sticky_actions") > 0) {
      environment = new StickyAction(environment, settings.number("sticky_actions"));
    }
    if (!own.contains("max_episode_steps") && settings.integer("max_episode_steps") > 0) {
      environment = new TimeLimit(environment, settings.integer("max_episode_steps"));
    }
    if (!own.contains("reward_clip") && settings.text("reward_clip").equals("sign")) {
      environment = RewardClip.sign(environment);
    }
    if (!own.contains("frame_stack") && settings.integer("frame_stack") > 0) {
      if (!(environment.observationSpace() instanceof Box)) {
        throw new BadRequestException(
            "%s: frame_stack needs observations that are a Box, these are %s"
                .formatted(settings.owner(), environment.observationSpace()));
      }
      environment = new FrameStack(environment, settings.intValue("frame_stack"));
    }
    return environment;
  }

  /**
   * Makes n environments of one id that are stepped together.
   *
   * @param n how many; at least 1
   * @param threads how many threads step them, the caller included, or how many processes where
   *     they are not of this one; at least 1
   * @throws BadRequestException as {@link #make}
   */
  public static VectorEnvironment makeVector(
      String id, int n, int threads, AutoresetMode autoresetMode) {
    if (n < 1) {
      throw new BadRequestException(
          "expected at least 1 environment of %s, got %d".formatted(id, n));
    }
    EnvironmentId parsed = EnvironmentId.parse(id);
    EnvironmentEntry entry = find(parsed);
    EnvironmentEntry.VectorFactory vector = entry.vectorFactory();
    if (vector != null) {
      Settings settings = new Settings(id, settings(entry), parsed.arguments());
      return vector.make(settings, n, threads, autoresetMode);
    }
    List<Environment> environments = new ArrayList<>();
    try {
      for (int i = 0; i < n; i++) {
        environments.add(make(id));
      }
      return new ParallelVectorEnvironment(environments, threads, autoresetMode);
    } catch (RuntimeException e) {
      environments.forEach(Environment::close);
      throw e;
    }
  }

  /** Returns the forms of the ids that cannot be listed, each with one line on what they are. */
  public static SequencedMap<String, String> forms() {
    SequencedMap<String, String> forms = new TreeMap<>();
    for (EnvironmentProvider provider : ServiceLoader.load(EnvironmentProvider.class)) {
      forms.putAll(provider.forms());
    }
    return forms;
  }

  /** Returns the entry of an id. */
  public static EnvironmentEntry find(EnvironmentId id) {
    String name = id.name();
    List<EnvironmentEntry> entries = entries();
    for (EnvironmentEntry entry : entries) {
      if (entry.id().equals(name)) {
        return entry;
      }
    }
    for (EnvironmentProvider provider : ServiceLoader.load(EnvironmentProvider.class)) {
      EnvironmentEntry entry = provider.resolve(id);
      if (entry != null) {
        return entry;
      }
    }
    List<String> ids = entries.stream().map(EnvironmentEntry::id).toList();
    throw new BadRequestException(
        "unknown environment %s%s (umwelt list environments names all)"
            .formatted(
                name,
                newestVersion(name, ids)
                    .map(newest -> "; the newest version here is " + newest)
                    .orElseGet(() -> Suggestions.didYouMean(name, ids))));
  }

  /** Returns Gymnasium's {@code EnvSpec} in JSON, where Gymnasium can make the environment too. */
  public static Optional<String> gymnasiumSpec(String id) {
    EnvironmentId parsed = EnvironmentId.parse(id);
    return ServiceLoader.load(EnvironmentProvider.class).stream()
        .map(provider -> Optional.ofNullable(provider.get().gymnasiumSpec(parsed)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * Returns the id that differs from the one asked for only in a version, the newest if several.
   */
  private static Optional<String> newestVersion(String asked, List<String> ids) {
    Matcher versioned = VERSIONED.matcher(asked);
    String name = versioned.matches() ? versioned.group(1) : asked;
    return ids.stream()
        .map(VERSIONED::matcher)
        .filter(id -> id.matches() && id.group(1).equals(name))
        .max(Comparator.comparingInt(id -> Integer.parseInt(id.group(2))))
        .map(Matcher::group);
  }
}
