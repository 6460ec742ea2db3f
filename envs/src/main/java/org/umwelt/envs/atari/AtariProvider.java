package org.umwelt.envs.atari;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** Offers the ids of {@link AtariEnvironment}. Listing them loads nothing. */
public final class AtariProvider implements EnvironmentProvider {
  private static final Pattern SKIPS = Pattern.compile("([1-9][0-9]{0,3})(?:-([1-9][0-9]{0,3}))?");
  private static final Pattern FOR_TWO =
      Pattern.compile("(?:ALE|Atari100k|Atari84)/(?:Combat|Joust|MazeCraze|Warlords)-.*");
  private static final int MANY_FRAMES = 1_000_000_000;

  private static final List<EnvironmentEntry> ENTRIES =
      AtariGame.all().stream()
          .<EnvironmentEntry>mapMulti((game, entries) -> {
            entries.accept(
                new EnvironmentEntry(
                    "ALE/%s-v5".formatted(game.name()),
                    "Atari 2600, as in Gymnasium",
                    gymnasiumSettings(),
                    settings -> make(game, settings, gymnasiumRules(settings))));
            entries.accept(
                new EnvironmentEntry(
                    "Atari100k/%s-train-v0".formatted(game.name()),
                    "Atari 2600, 64x64 RGB, a lost life ends the episode",
                    presetSettings("4", 30, false, true, 20_000),
                    settings -> make(game, settings, presetRules(settings, View::pooledRgb64))));
            entries.accept(
                new EnvironmentEntry(
                    "Atari100k/%s-test-v0".formatted(game.name()),
                    "Atari 2600, 64x64 RGB, whole games",
                    presetSettings("4", 1, false, false, 108_000),
                    settings -> make(game, settings, presetRules(settings, View::pooledRgb64))));
            entries.accept(
                new EnvironmentEntry(
                    "Atari84/%s-v0".formatted(game.name()),
                    "Atari 2600, 84x84 grey, to be used with frame_stack=4",
                    presetSettings("4", 30, true, false, 108_000),
                    settings -> make(game, settings, presetRules(settings, View::pooledGrey84))));
          })
          .toList();

  @Override
  public List<EnvironmentEntry> entries() {
    return ENTRIES;
  }

  /** Says of the games that ale-py has and ALE 0.7.3 has not why they are missing. */
  @Override
  public @Nullable EnvironmentEntry resolve(EnvironmentId id) {
    if (FOR_TWO.matcher(id.name()).matches()) {
      throw new BadRequestException(
          id.name()
              + " is a game for two players, which this emulator (ALE 0.7.3) does not support");
    }
    return null;
  }

  @Override
  public @Nullable String gymnasiumSpec(EnvironmentId id) {
    return GymnasiumSpec.of(id);
  }

  private static List<Setting> emulatorSettings(
      String frameskip, double stickiness, long maximumFrames) {
    return List.of(
        Setting.text(
            "frameskip",
            frameskip,
            "Frames an action is held: a number, or low-high to draw one from [low, high)."),
        Setting.number(
            "repeat_action_probability",
            stickiness,
            0,
            1,
            "Probability that the emulator takes the previous action instead, each frame."),
        Setting.bool(
            "full_action_space", false, "Offer all 18 actions, not only those that matter."),
        unset("mode", 255, "Mode of the game; its own default where unset."),
        unset("difficulty", 255, "Difficulty of the game; its own default where unset."),
        Setting.integer(
            "max_num_frames_per_episode",
            maximumFrames,
            0,
            MANY_FRAMES,
            "Frames after which a game is truncated; 0 for no limit."));
  }

  private static List<Setting> gymnasiumSettings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(
        Setting.choice(
            "obs_type", "rgb", List.of("rgb", "grayscale", "ram"), "What an observation is."));
    settings.addAll(emulatorSettings("4", 0.25, 108_000));
    return settings;
  }

  private static List<Setting> presetSettings(
      String frameskip, int noopMax, boolean fireReset, boolean episodicLife, long maximumFrames) {
    List<Setting> settings = new ArrayList<>(emulatorSettings(frameskip, 0, maximumFrames));
    settings.add(
        Setting.integer(
            "noop_max",
            noopMax,
            0,
            10_000,
            "A game starts with 1 to this many frames of doing nothing; 0 for none."));
    settings.add(unset("noops", 10_000, "Exact number of frames of doing nothing at the start."));
    settings.add(
        Setting.bool("fire_reset", fireReset, "Press FIRE for a frame at the start of a game."));
    settings.add(Setting.bool("episodic_life", episodicLife, "A lost life ends the episode."));
    return settings;
  }

  private static Setting unset(String name, int maximum, String description) {
    return new Setting(name, Setting.Type.INTEGER, "", 0, maximum, List.of(), description);
  }

  private static AtariRules gymnasiumRules(Settings settings) {
    Function<Emulator, View> view =
        switch (settings.text("obs_type")) {
          case "grayscale" -> View::grayscale;
          case "ram" -> View::ram;
          default -> View::rgb;
        };
    return rules(settings, view, 0, 0, false, false);
  }

  private static AtariRules presetRules(Settings settings, Function<Emulator, View> view) {
    int noopMax = settings.intValue("noop_max");
    OptionalInt exact = optional(settings, "noops");
    return rules(
        settings,
        view,
        exact.orElse(Math.min(1, noopMax)),
        exact.orElse(noopMax),
        settings.bool("fire_reset"),
        settings.bool("episodic_life"));
  }

  private static AtariRules rules(
      Settings settings,
      Function<Emulator, View> view,
      int minimumNoops,
      int maximumNoops,
      boolean fireReset,
      boolean episodicLife) {
    Matcher skips = SKIPS.matcher(settings.text("frameskip"));
    if (!skips.matches()) {
      throw badFrameskip(settings);
    }
    int low = Integer.parseInt(skips.group(1));
    int high = skips.group(2) == null ? low : Integer.parseInt(skips.group(2)) - 1;
    if (high < low) {
      throw badFrameskip(settings);
    }
    return new AtariRules(
        view,
        low,
        high,
        settings.number("repeat_action_probability"),
        settings.bool("full_action_space"),
        optional(settings, "mode"),
        optional(settings, "difficulty"),
        settings.integer("max_num_frames_per_episode"),
        minimumNoops,
        maximumNoops,
        fireReset,
        episodicLife);
  }

  private static BadRequestException badFrameskip(Settings settings) {
    return new BadRequestException(
        "%s: frameskip must be a number such as 4, or a range such as 2-5 (2 to 4 frames), got %s"
            .formatted(settings.owner(), settings.text("frameskip")));
  }

  private static OptionalInt optional(Settings settings, String name) {
    return settings.isGiven(name) ? OptionalInt.of(settings.intValue(name)) : OptionalInt.empty();
  }

  private static AtariEnvironment make(AtariGame game, Settings settings, AtariRules rules) {
    String id = EnvironmentId.parse(settings.owner()).name();
    return new AtariEnvironment(id, RomLibrary.find(game), rules);
  }
}
