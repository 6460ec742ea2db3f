package org.umwelt.agents.policies;

import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/** Keeps the basket under the ball. */
final class CatchScript implements Script {
  private static final long STAY = 0;
  private static final long RIGHT = 1;
  private static final long LEFT = 2;

  /** Half of what the paddle moves in a step: nearer than this, no move brings it closer. */
  private static final double NEAR = 1.5;

  private final int ballX;
  private final int ballVelocityX;
  private final int paddleX;

  CatchScript(Dict infos) {
    ballX = infos.firstLeaf("ball_x");
    ballVelocityX = infos.firstLeaf("ball_vx");
    paddleX = infos.firstLeaf("paddle_x");
  }

  @Override
  public long act(Value info, long step) {
    return toward(info.scalar(ballX) + info.scalar(ballVelocityX) - info.scalar(paddleX));
  }

  /** Returns the action that brings a paddle nearer to a place so many pixels to its right. */
  static long toward(double distance) {
    if (Math.abs(distance) <= NEAR) {
      return STAY;
    }
    return distance > 0 ? RIGHT : LEFT;
  }
}
