package org.umwelt.agents;

import java.util.Optional;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;

/**
 * Chooses the actions of n environments.
 *
 * <p>The loop around one row:
 *
 * <pre>{@code
 * agent.begin(row, start);
 * while (!steps.ended(row)) {
 *   agent.act(steps, actions);
 *   // step the environments with actions
 * }
 * }</pre>
 *
 * <p>Everything random in a row's actions comes from the seed of its episode, so that an episode's
 * actions are a function of that seed and of what the row observed: neither the other rows nor
 * earlier episodes matter, unless the agent {@linkplain AgentFactory#needsEpisodesInOrder says so}.
 * Used by one thread at a time.
 */
public interface Agent extends AutoCloseable {

  /**
   * Starts an episode in a row, after the environment's reset.
   *
   * @param row in 0, ..., n - 1
   */
  void begin(int row, EpisodeStart start);

  /**
   * Writes the next action of every row whose episode goes on.
   *
   * @param steps what the environments wrote last, n rows
   * @param actions receives the actions, n rows of the action space; those of ended rows are not
   *     looked at
   */
  void act(StepBatch steps, Batch actions);

  /**
   * Returns what a row's action of the last {@link #act} came from; empty where the agent does not
   * tell, or has not acted since.
   */
  default Optional<Insight> insight(int row) {
    return Optional.empty();
  }

  /** Frees what the agent holds; a second call does nothing. */
  @Override
  default void close() {}
}
