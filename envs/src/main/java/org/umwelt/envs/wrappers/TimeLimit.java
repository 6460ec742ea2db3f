package org.umwelt.envs.wrappers;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;

/**
 * Truncates an episode after a number of steps.
 *
 * <p>A step that is both the last one allowed and terminal has both flags, as in Gymnasium.
 */
public final class TimeLimit extends Wrapper {
  private final long maxEpisodeSteps;
  private long steps;

  /**
   * Limits the episodes of an environment.
   *
   * @param maxEpisodeSteps most steps of an episode; at least 1
   */
  public TimeLimit(Environment inner, long maxEpisodeSteps) {
    super(inner);
    if (maxEpisodeSteps < 1) {
      throw new IllegalArgumentException("expected at least 1 step, got " + maxEpisodeSteps);
    }
    this.maxEpisodeSteps = maxEpisodeSteps;
  }

  @Override
  public void reset(Reset reset, Step out) {
    super.reset(reset, out);
    steps = 0;
  }

  @Override
  public void step(Value action, Step out) {
    if (steps >= maxEpisodeSteps) {
      throw new IllegalStateException(
          "the episode was truncated after " + maxEpisodeSteps + " steps; reset it first");
    }
    super.step(action, out);
    steps++;
    if (steps == maxEpisodeSteps) {
      out.set(out.reward(), out.terminated(), true);
    }
  }

  @Override
  protected void writeOwnState(DataOutput out) throws IOException {
    out.writeLong(steps);
  }

  @Override
  protected void readOwnState(DataInput in) throws IOException {
    steps = in.readLong();
  }
}
