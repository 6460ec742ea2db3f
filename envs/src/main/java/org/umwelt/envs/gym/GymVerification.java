package org.umwelt.envs.gym;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.settings.Suggestions;
import org.umwelt.kernels.verification.Check;
import org.umwelt.kernels.verification.Verification;

/**
 * {@code umwelt verify gym}: our Atari, through JNI, against ale-py in Python through the bridge,
 * game by game and step by step.
 *
 * <p>Both play the same random actions from the same seed; what is compared is how many steps agree
 * in every bit of the observation, the reward and both flags before the first that does not.
 */
public final class GymVerification implements Verification {
  private static final String FAMILY = "ALE/";
  private static final String EVERY = "all";

  @Override
  public String name() {
    return "gym";
  }

  @Override
  public String summary() {
    return "Atari through JNI against ale-py through the bridge to Gymnasium, step by step";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text("game", "Pong", "One game, such as Pong, or all."),
        Setting.integer("steps", 300, 1, 1_000_000, "Steps of each game."),
        Setting.integer("seed", 0, 0, Integer.MAX_VALUE, "Seed of the game and the actions."));
  }

  /**
   * {@inheritDoc}
   *
   * @throws BadRequestException where a ROM is missing, or no Python has Gymnasium and ale-py
   */
  @Override
  public List<Check> run(Settings settings, Consumer<String> progress) {
    List<Check> checks = new ArrayList<>();
    for (String id : ids(settings.text("game"))) {
      progress.accept(id);
      checks.add(compare(id, settings.integer("seed"), settings.intValue("steps")));
    }
    return checks;
  }

  private static List<String> ids(String game) {
    List<String> all =
        Environments.entries().stream()
            .map(EnvironmentEntry::id)
            .filter(id -> id.startsWith(FAMILY))
            .toList();
    if (game.equals(EVERY)) {
      return all;
    }
    String id = FAMILY + game + "-v5";
    if (!all.contains(id)) {
      throw new BadRequestException(
          "verify gym: expected a game such as Pong, or all, got %s%s"
              .formatted(game, Suggestions.didYouMean(id, all)));
    }
    return List.of(id);
  }

  private static Check compare(String id, long seed, int steps) {
    RandomStream random = new RandomStream(seed);
    try (Environment ours = Environments.make(id);
        Environment theirs = Environments.make(GymRequest.PREFIX + id)) {
      if (!ours.observationSpace().equals(theirs.observationSpace())
          || !ours.actionSpace().equals(theirs.actionSpace())) {
        return found(
            id,
            steps,
            "spaces %s and %s, theirs %s and %s"
                .formatted(
                    ours.observationSpace(),
                    ours.actionSpace(),
                    theirs.observationSpace(),
                    theirs.actionSpace()));
      }
      Step our = Step.allocate(ours);
      Step their = Step.allocate(theirs);
      Value action = Value.allocate(ours.actionSpace());
      Reset reset = Reset.seeded(seed);
      ours.reset(reset, our);
      theirs.reset(reset, their);
      for (int step = 0; ; step++) {
        String difference = difference(our, their);
        if (difference != null) {
          return found(id, steps, "%d steps, then %s".formatted(step, difference));
        }
        if (step == steps) {
          return found(id, steps, "%d steps".formatted(steps));
        }
        if (our.ended()) {
          ours.reset(Reset.unseeded(), our);
          theirs.reset(Reset.unseeded(), their);
          if (!our.observation().sameBytes(their.observation())) {
            return found(id, steps, "%d steps, then another reset".formatted(step));
          }
        }
        ours.actionSpace().sample(random, action);
        ours.step(action, our);
        theirs.step(action, their);
      }
    }
  }

  private static @Nullable String difference(Step our, Step their) {
    if (our.reward() != their.reward()) {
      return "reward %s, theirs %s".formatted(our.reward(), their.reward());
    }
    if (our.terminated() != their.terminated() || our.truncated() != their.truncated()) {
      return "terminated %s and truncated %s, theirs %s and %s"
          .formatted(our.terminated(), our.truncated(), their.terminated(), their.truncated());
    }
    long at = our.observation().tensor().mismatch(their.observation().tensor());
    return at < 0 ? null : "byte %d of the observation".formatted(at);
  }

  private static Check found(String id, int steps, String found) {
    String expected = "%d steps".formatted(steps);
    return new Check(id + ": equal", expected, found, "exact", expected.equals(found));
  }
}
