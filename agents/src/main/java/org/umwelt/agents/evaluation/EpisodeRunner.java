package org.umwelt.agents.evaluation;

import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.dataset.EpisodeRecorder;
import org.umwelt.envs.gym.GymException;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Value;

/** One worker's environment and agent. */
public final class EpisodeRunner implements AutoCloseable {
  /** How often an episode is begun whose environment loses its process again and again. */
  private static final int ATTEMPTS = 5;

  private final Environment environment;
  private final Agent agent;
  private final Step step;
  private final StepBatch steps;
  private final Batch actions;
  private final Value action;

  private EpisodeRunner(String id, AgentFactory factory) {
    environment = Environments.make(id);
    try {
      agent = factory.make(AgentContext.of(id, environment));
    } catch (RuntimeException e) {
      environment.close();
      throw e;
    }
    step = Step.allocate(environment);
    steps = step.batch();
    actions = Batch.allocate(environment.actionSpace(), 1);
    action = actions.row(0);
  }

  /**
   * Makes environment and agent.
   *
   * @param id of the environment, keyword arguments included
   * @throws org.umwelt.kernels.settings.BadRequestException where the environment is unknown, the
   *     agent cannot act in it, or something they need is not there
   */
  public static EpisodeRunner make(String id, AgentFactory factory) {
    for (int attempt = 1; ; attempt++) {
      try {
        return new EpisodeRunner(id, factory);
      } catch (GymException e) {
        if (!isWorthAnother(attempt, e)) {
          throw e;
        }
      }
    }
  }

  /** What is begun again from its seed comes out the same, where it was not Python that raised. */
  static boolean isWorthAnother(int attempt, GymException failure) {
    return failure.processLost() && attempt < ATTEMPTS;
  }

  /** Plays one episode to its end, keeping no steps. */
  public EpisodeResult play(EpisodeStart start) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Objects.requireNonNull(run(start, null, () -> false));
      } catch (GymException e) {
        if (!isWorthAnother(attempt, e)) {
          throw e;
        }
      }
    }
  }

  Environment environment() {
    return environment;
  }

  /**
   * Runs one episode; null where it was stopped before its end.
   *
   * @param recorder receives every step; null where none are kept
   */
  @Nullable EpisodeResult run(
      EpisodeStart start, @Nullable EpisodeRecorder recorder, BooleanSupplier stopped) {
    environment.reset(Reset.seeded(start.seed()), step);
    agent.begin(0, start);
    if (recorder != null) {
      recorder.reset(step);
    }
    double totalReward = 0;
    int length = 0;
    while (!step.ended()) {
      if (stopped.getAsBoolean()) {
        return null;
      }
      agent.act(steps, actions);
      environment.step(action, step);
      totalReward += step.reward();
      length++;
      if (recorder != null) {
        recorder.append(action, step);
      }
    }
    return new EpisodeResult(
        Math.toIntExact(start.index()),
        start.seed(),
        totalReward,
        length,
        step.terminated(),
        step.truncated(),
        environment.episodeFrames());
  }

  @Override
  public void close() {
    try (environment) {
      agent.close();
    }
  }
}
