package org.umwelt.envs.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Value;

/**
 * Tells which rows of a vector step are transitions, and where each led, whatever the {@link
 * AutoresetMode}.
 *
 * <p>Only {@link AutoresetMode#NEXT_STEP} has rows that are none: the steps that reset. Tell the
 * filter of every reset and every step:
 *
 * <pre>{@code
 * envs.reset(Reset.seeded(7));
 * filter.afterReset(null);
 * while (collecting) {
 *   StepBatch steps = envs.step();
 *   boolean[] isTransition = filter.afterStep(steps);
 *   for (int row = 0; row < steps.size(); row++) {
 *     if (isTransition[row]) {
 *       store(row, steps.reward(row), TransitionFilter.nextObservation(steps, row));
 *     }
 *   }
 * }
 * }</pre>
 */
public final class TransitionFilter {
  private final AutoresetMode mode;
  private final boolean[] isTransition;
  private final boolean[] endedBefore;

  /** Creates the filter for a vector environment with this mode and size. */
  public TransitionFilter(AutoresetMode mode, int size) {
    this.mode = mode;
    this.isTransition = new boolean[size];
    this.endedBefore = new boolean[size];
  }

  /**
   * Notes a reset.
   *
   * @param mask which rows were reset, length n; null for all
   */
  public void afterReset(boolean @Nullable [] mask) {
    for (int row = 0; row < endedBefore.length; row++) {
      endedBefore[row] &= mask != null && !mask[row];
    }
  }

  /**
   * Notes a step.
   *
   * @return which rows of it are transitions, length n; valid until the next call
   */
  public boolean[] afterStep(StepBatch steps) {
    if (mode != AutoresetMode.NEXT_STEP) {
      Arrays.fill(isTransition, true);
      return isTransition;
    }
    for (int row = 0; row < isTransition.length; row++) {
      isTransition[row] = !endedBefore[row];
      endedBefore[row] = steps.ended(row);
    }
    return isTransition;
  }

  /**
   * Returns the observation a row's transition led to: the final one where the episode ended, which
   * under {@link AutoresetMode#SAME_STEP} is not the one to act on next.
   */
  public static Value nextObservation(StepBatch steps, int row) {
    return steps.ended(row) ? steps.finalObservations().row(row) : steps.observations().row(row);
  }
}
