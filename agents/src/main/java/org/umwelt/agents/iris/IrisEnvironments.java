package org.umwelt.agents.iris;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.umwelt.envs.Environment;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.settings.BadRequestException;

/** Which environments IRIS learns in, and what it asks of them. */
final class IrisEnvironments {
  /** Height and width of an observation. */
  static final int RESOLUTION = 64;

  private static final Pattern ALE = Pattern.compile("ALE/(\\w+)-v5(\\?.*)?");
  private static final Pattern TRAINING = Pattern.compile("(Atari100k/\\w+)-train-v0(.*)");
  private static final Box OBSERVATIONS = Box.image(RESOLUTION, RESOLUTION, 3);

  private IrisEnvironments() {}

  /**
   * Returns the id experience is collected in: a whole Atari game gets the wrappers of Atari 100k.
   */
  static String training(String id) {
    Matcher game = ALE.matcher(id);
    if (!game.matches()) {
      return id;
    }
    if (game.group(2) != null) {
      throw new BadRequestException(
          "%s: expected no arguments, since it stands for Atari100k/%s-train-v0; give that with arguments instead"
              .formatted(id, game.group(1)));
    }
    return "Atari100k/%s-train-v0".formatted(game.group(1));
  }

  /** Returns the id of the same world as it is evaluated: without life-loss ends. */
  static String test(String training) {
    Matcher id = TRAINING.matcher(training);
    return id.matches() ? id.group(1) + "-test-v0" + id.group(2) : training;
  }

  /**
   * Makes an environment.
   *
   * @throws BadRequestException where IRIS cannot learn in it
   */
  static Environment make(String id) {
    Environment environment = Environments.make(id);
    try {
      requireFitting(id, environment);
      return environment;
    } catch (RuntimeException e) {
      environment.close();
      throw e;
    }
  }

  private static void requireFitting(String id, Environment environment) {
    if (!environment.observationSpace().equals(OBSERVATIONS)) {
      throw new BadRequestException(
          "%s: iris needs observations %s, got %s; take umwelt/Catch-v0, Atari100k/Pong-train-v0 or the like"
              .formatted(id, OBSERVATIONS, environment.observationSpace()));
    }
    if (!(environment.actionSpace() instanceof Discrete discrete) || discrete.start() != 0) {
      throw new BadRequestException(
          "%s: iris needs actions Discrete(n), got %s".formatted(id, environment.actionSpace()));
    }
  }

  /**
   * Returns how many actions both environments of a training have.
   *
   * @throws BadRequestException where IRIS cannot learn in one, or act in the other as it learned
   */
  static int actions(String training, String test) {
    int actions = actions(training);
    int tested = actions(test);
    if (tested != actions) {
      throw new BadRequestException(
          "eval_env=%s: expected the %d actions of %s, got %d; take the same game"
              .formatted(test, actions, training, tested));
    }
    return actions;
  }

  private static int actions(String id) {
    try (Environment environment = make(id)) {
      return actions(environment);
    }
  }

  /** Returns how many actions an environment has. */
  static int actions(Environment environment) {
    return Math.toIntExact(((Discrete) environment.actionSpace()).n());
  }
}
