package org.umwelt.envs;

import org.jspecify.annotations.Nullable;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;

/**
 * n environments that are stepped together over one off-heap batch.
 *
 * <p>The caller writes into {@link #actions()}, calls {@link #step()} and reads {@link #steps()};
 * both batches are the same objects throughout, and what they hold is valid until the next call.
 * Used by one thread at a time.
 */
public interface VectorEnvironment extends AutoCloseable {

  /** Returns n. */
  int size();

  /** Returns the space of one environment's observations. */
  Space singleObservationSpace();

  /** Returns the space of one environment's actions. */
  Space singleActionSpace();

  /** Returns the space of one environment's infos. */
  Dict singleInfoSpace();

  /** Returns what happens to a row whose episode has ended. */
  AutoresetMode autoresetMode();

  /** Returns where the next actions are written, [n, ...]. */
  Batch actions();

  /** Returns where results stand. */
  StepBatch steps();

  /**
   * Starts new episodes.
   *
   * <p>A seeded reset seeds row i with seed + i, as Gymnasium does.
   *
   * @param mask which rows to reset, length n; null for all. Other rows keep what they hold
   */
  StepBatch reset(Reset reset, boolean @Nullable [] mask);

  /** Starts a new episode in every row. */
  default StepBatch reset(Reset reset) {
    return reset(reset, null);
  }

  /**
   * Steps every row with its action.
   *
   * @throws IllegalStateException before the first reset, or, with {@link AutoresetMode#DISABLED},
   *     where a row has ended
   */
  StepBatch step();

  @Override
  void close();
}
