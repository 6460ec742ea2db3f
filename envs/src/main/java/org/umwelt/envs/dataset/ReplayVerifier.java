package org.umwelt.envs.dataset;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Value;

/**
 * Simulates recorded episodes again, from their seeds and action logs, and compares every
 * observation, info, reward and flag bit for bit.
 *
 * <p>Used by one thread at a time.
 */
public final class ReplayVerifier implements AutoCloseable {

  /** What came of verifying one episode. */
  public sealed interface Verdict {
    /** Returns the number of the episode. */
    int episode();
  }

  /**
   * The episode was simulated again without a difference.
   *
   * @param episode its number
   * @param steps how many steps were compared
   */
  public record Agreement(int episode, int steps) implements Verdict {}

  /**
   * The first difference, or the first step that cannot be read.
   *
   * @param episode its number
   * @param step 0 for the reset, t for what the t-th action led to
   * @param what one line
   */
  public record Divergence(int episode, int step, String what) implements Verdict {}

  private final Environment environment;
  private final Step simulated;
  private final Value observation;
  private final Value info;
  private final Value action;

  /** Creates a verifier that uses an environment and closes it in the end. */
  public ReplayVerifier(Environment environment) {
    this.environment = environment;
    this.simulated = Step.allocate(environment);
    this.observation = Value.allocate(environment.observationSpace());
    this.info = Value.allocate(environment.infoSpace());
    this.action = Value.allocate(environment.actionSpace());
  }

  /**
   * Verifies every complete episode of a data set with the environment it names.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where the environment cannot be made
   */
  public static List<Verdict> verify(Dataset dataset) {
    List<Verdict> verdicts = new ArrayList<>();
    try (ReplayVerifier verifier =
        new ReplayVerifier(Environments.make(dataset.description().environment()))) {
      for (EpisodeSummary summary : dataset.episodes()) {
        verdicts.add(verifier.verify(dataset, summary.index()));
      }
    }
    return verdicts;
  }

  /** Verifies one episode. */
  public Verdict verify(Dataset dataset, int index) {
    String spaces = differentSpaces(dataset.description());
    if (spaces != null) {
      return new Divergence(index, 0, spaces);
    }
    try (Episode episode = dataset.episode(index)) {
      return verify(episode);
    }
  }

  private @Nullable String differentSpaces(DatasetDescription recorded) {
    if (!recorded.observationSpace().equals(environment.observationSpace())) {
      return difference(
          "observation space", recorded.observationSpace(), environment.observationSpace());
    }
    if (!recorded.actionSpace().equals(environment.actionSpace())) {
      return difference("action space", recorded.actionSpace(), environment.actionSpace());
    }
    return recorded.infoSpace().equals(environment.infoSpace())
        ? null
        : difference("info space", recorded.infoSpace(), environment.infoSpace());
  }

  private static String difference(String what, Object recorded, Object simulated) {
    return "%s: recorded %s, simulated %s".formatted(what, recorded, simulated);
  }

  private Verdict verify(Episode episode) {
    EpisodeSummary summary = episode.summary();
    int step = 0;
    try {
      environment.reset(Reset.seeded(summary.seed()), simulated);
      String what = compareObservation(episode, 0);
      while (what == null && step < summary.steps()) {
        step++;
        what = step(episode, step);
      }
      return what == null
          ? new Agreement(summary.index(), summary.steps())
          : new Divergence(summary.index(), step, what);
    } catch (DamagedStepException e) {
      return new Divergence(summary.index(), step, "unreadable: " + e.getMessage());
    } catch (IllegalStateException | IllegalArgumentException e) {
      return new Divergence(summary.index(), step, "the environment refused: " + e.getMessage());
    }
  }

  private @Nullable String step(Episode episode, int step) {
    episode.action(step - 1, action);
    if (!action.space().contains(action)) {
      return "the action is not in " + action.space();
    }
    environment.step(action, simulated);
    double reward = episode.reward(step - 1);
    if (Double.doubleToRawLongBits(reward) != Double.doubleToRawLongBits(simulated.reward())) {
      return difference("reward", reward, simulated.reward());
    }
    boolean terminated = episode.terminated(step - 1);
    if (terminated != simulated.terminated()) {
      return difference("terminated", terminated, simulated.terminated());
    }
    boolean truncated = episode.truncated(step - 1);
    if (truncated != simulated.truncated()) {
      return difference("truncated", truncated, simulated.truncated());
    }
    String what = compareObservation(episode, step);
    if (what == null && simulated.ended() && step < episode.steps()) {
      return "the episode ended, recorded are %d steps".formatted(episode.steps());
    }
    return what;
  }

  private @Nullable String compareObservation(Episode episode, int step) {
    episode.observation(step, observation);
    String what = compare("observation", observation, simulated.observation());
    if (what == null) {
      episode.info(step, info);
      what = compare("info", info, simulated.info());
    }
    return what;
  }

  private static @Nullable String compare(String what, Value recorded, Value simulated) {
    for (int leaf = 0; leaf < recorded.layout().size(); leaf++) {
      long offset = recorded.leaf(leaf).mismatch(simulated.leaf(leaf));
      if (offset >= 0) {
        var layout = recorded.layout().get(leaf);
        long element = offset / layout.dtype().bytes();
        return difference(
            "%s %s element %d".formatted(what, layout.path(), element).replace("  ", " "),
            layout.dtype().getDouble(recorded.leaf(leaf), element),
            layout.dtype().getDouble(simulated.leaf(leaf), element));
      }
    }
    return null;
  }

  @Override
  public void close() {
    environment.close();
  }
}
