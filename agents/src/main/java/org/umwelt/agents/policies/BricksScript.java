package org.umwelt.agents.policies;

import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/**
 * Waits where the ball will land, hitting it off centre by an amount that changes with every brick
 * and with time, so that it does not fly in circles for ever.
 */
final class BricksScript implements Script {
  /** Where the centre of the ball turns, in pixels. */
  private static final double LEFT_WALL = 3;

  private static final double RIGHT_WALL = 61;
  private static final double PADDLE_TOP = 58;

  /** Offsets of the paddle from the ball, in pixels; the paddle reaches 6 to either side. */
  private static final double[] OFFSETS = {0, 3, -2, 4, -4, 1, -3, 2, -1};

  /** Steps after which another offset is tried, brick or no brick. */
  private static final long PATIENCE = 300;

  private final int bricks;
  private final int ballX;
  private final int ballY;
  private final int ballVelocityX;
  private final int ballVelocityY;
  private final int paddleX;

  BricksScript(Dict infos) {
    bricks = infos.firstLeaf("bricks");
    ballX = infos.firstLeaf("ball_x");
    ballY = infos.firstLeaf("ball_y");
    ballVelocityX = infos.firstLeaf("ball_vx");
    ballVelocityY = infos.firstLeaf("ball_vy");
    paddleX = infos.firstLeaf("paddle_x");
  }

  @Override
  public long act(Value info, long step) {
    double velocityY = info.scalar(ballVelocityY);
    double landing = info.scalar(ballX);
    if (velocityY > 0) {
      double steps = Math.max(0, PADDLE_TOP - info.scalar(ballY)) / velocityY;
      landing = reflected(landing + steps * info.scalar(ballVelocityX));
    }
    long aim = (long) info.scalar(bricks) + step / PATIENCE;
    double offset = OFFSETS[(int) (aim % OFFSETS.length)];
    return CatchScript.toward(landing + offset - info.scalar(paddleX));
  }

  /** Folds a straight path back between the walls. */
  private static double reflected(double x) {
    double width = RIGHT_WALL - LEFT_WALL;
    double phase = (x - LEFT_WALL) % (2 * width);
    phase = phase < 0 ? phase + 2 * width : phase;
    return LEFT_WALL + (phase > width ? 2 * width - phase : phase);
  }
}
