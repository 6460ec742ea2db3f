package org.umwelt.envs.wrappers;

import org.umwelt.envs.Environment;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;

/** Replaces each reward by its sign, or by the nearest number of an interval. */
public final class RewardClip extends Wrapper {
  private final boolean toSign;
  private final double minimum;
  private final double maximum;

  private RewardClip(Environment inner, boolean toSign, double minimum, double maximum) {
    super(inner);
    this.toSign = toSign;
    this.minimum = minimum;
    this.maximum = maximum;
  }

  /** Returns the environment with rewards -1, 0 or 1. */
  public static RewardClip sign(Environment inner) {
    return new RewardClip(inner, true, -1, 1);
  }

  /**
   * Returns the environment with rewards limited to [minimum, maximum].
   *
   * @throws IllegalArgumentException unless minimum <= maximum
   */
  public static RewardClip range(Environment inner, double minimum, double maximum) {
    if (!(minimum <= maximum)) {
      throw new IllegalArgumentException(
          "expected minimum <= maximum, got %s and %s".formatted(minimum, maximum));
    }
    return new RewardClip(inner, false, minimum, maximum);
  }

  @Override
  public void step(Value action, Step out) {
    super.step(action, out);
    double reward = out.reward();
    out.set(
        toSign ? Math.signum(reward) : Math.clamp(reward, minimum, maximum),
        out.terminated(),
        out.truncated());
  }
}
