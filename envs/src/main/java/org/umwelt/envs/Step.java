package org.umwelt.envs;

import java.lang.foreign.ValueLayout;
import org.umwelt.envs.spaces.Value;

/** What one reset or step of one environment writes: a view of one row of a {@link StepBatch}. */
public final class Step {
  private final StepBatch batch;
  private final int row;
  private final Value observation;
  private final Value info;

  Step(StepBatch batch, int row) {
    this.batch = batch;
    this.row = row;
    this.observation = batch.observations().row(row);
    this.info = batch.infos().row(row);
  }

  /** Allocates a step of its own for an environment. */
  public static Step allocate(Environment environment) {
    return StepBatch.allocate(environment.observationSpace(), environment.infoSpace(), 1).row(0);
  }

  /** Returns the batch this is a row of. */
  public StepBatch batch() {
    return batch;
  }

  /** Returns the observation, to read or to overwrite. */
  public Value observation() {
    return observation;
  }

  /** Returns the info, to read or to overwrite. */
  public Value info() {
    return info;
  }

  /** Returns the reward. */
  public double reward() {
    return batch.reward(row);
  }

  /** Returns whether the episode ended in a terminal state of the world. */
  public boolean terminated() {
    return batch.terminated(row);
  }

  /** Returns whether the episode was cut off by a limit outside the world. */
  public boolean truncated() {
    return batch.truncated(row);
  }

  /** Returns whether the episode ended, either way. */
  public boolean ended() {
    return batch.ended(row);
  }

  /** Writes reward and flags together. */
  public void set(double reward, boolean terminated, boolean truncated) {
    batch.rewards().set(ValueLayout.JAVA_DOUBLE, (long) row * Double.BYTES, reward);
    batch.terminated().set(ValueLayout.JAVA_BYTE, row, (byte) (terminated ? 1 : 0));
    batch.truncated().set(ValueLayout.JAVA_BYTE, row, (byte) (truncated ? 1 : 0));
  }
}
