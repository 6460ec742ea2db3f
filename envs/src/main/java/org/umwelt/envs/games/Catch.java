package org.umwelt.envs.games;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * Balls fall from the sky, one after another; a basket catches them.
 *
 * <h2>Description</h2>
 *
 * <p>A ball starts at the top at a random place, falls at constant speed and drifts left, right or
 * not at all, bouncing off the sides. When it reaches the height of the basket it is caught or
 * missed, and the next one starts. At the default speed every ball can be caught. Grown out of the
 * Catch of Mnih et al., "Recurrent models of visual attention", NeurIPS 2014, section 4.2.
 *
 * <h2>Actions</h2>
 *
 * <p>Discrete(3): 0 stay, 1 right, 2 left; the basket moves 3 pixels a step.
 *
 * <h2>Observations</h2>
 *
 * <p>Box(0, 255, [64, 64, 3], uint8): the screen. Two fading spots behind the ball show where it
 * comes from, the bar at the top how many balls are left.
 *
 * <table>
 *   <caption>Info</caption>
 *   <tr><th>key</th><th>dtype</th><th>range</th><th>meaning</th></tr>
 *   <tr><td>lives</td><td>int64</td><td>0 to balls</td><td>balls left, the falling one included</td></tr>
 *   <tr><td>caught</td><td>int64</td><td>0 to balls</td><td>balls caught in this episode</td></tr>
 *   <tr><td>ball_x, ball_y</td><td>float64</td><td>0 to 64</td><td>centre of the ball</td></tr>
 *   <tr><td>ball_vx</td><td>float64</td><td>-1 to 1</td><td>drift of the ball per step</td></tr>
 *   <tr><td>paddle_x</td><td>float64</td><td>0 to 64</td><td>centre of the basket</td></tr>
 * </table>
 *
 * <h2>Reward</h2>
 *
 * <p>+1 for a ball caught, -1 for one missed, 0 otherwise. With the defaults returns lie in [-10,
 * 10].
 *
 * <h2>Start</h2>
 *
 * <p>The basket stands in the middle; place and drift of each ball are drawn from the seed.
 *
 * <h2>End</h2>
 *
 * <p>Terminated when the last ball is caught or missed: with the defaults after 230 steps.
 *
 * <h2>Arguments</h2>
 *
 * <p>{@code balls} (10): balls per episode, 1 to 100. {@code paddle_width} (12): 4 to 32. {@code
 * speed} (2): pixels a ball falls per step, 1 to 4. {@code sky} (true): whether there are stars and
 * a gradient behind the game; without them it is black, which a model learns sooner.
 *
 * <h2>Version history</h2>
 *
 * <p>v0: first version.
 */
public final class Catch extends PixelGame {
  /** The id in the registry. */
  public static final String ID = "umwelt/Catch-v0";

  private static final int BALL = 4;
  private static final int START_Y = 6;
  private static final int PADDLE_Y = 56;
  private static final int PADDLE_SPEED = 3;
  private static final int FLASH_STEPS = 5;
  private static final int[] MOVES = {0, PADDLE_SPEED, -PADDLE_SPEED};

  private static final Map<Character, Integer> COLOURS =
      Map.of('w', 0xFFFFFF, 'y', 0xFFD84A, 'o', 0xF0A030, 'r', 0xD97B1E);
  private static final Sprite BALL_SPRITE = Sprite.of(COLOURS, ".yy. ywyo yyor .or.");
  private static final int GROUND = 0x2B8A4B;
  private static final int GROUND_CAUGHT = 0x7CF08A;
  private static final int GROUND_MISSED = 0xE04848;

  private final int balls;
  private final int paddleWidth;
  private final int speed;
  private final Picture scenery = new Picture();

  private int ballsLeft;
  private int caught;
  private int ballX;
  private int ballY;
  private int drift;
  private int paddleX;

  /** Steps the ground still shows the last catch (positive) or miss (negative). */
  private int flash;

  Catch(int balls, int paddleWidth, int speed, boolean sky) {
    super(
        ID,
        List.of("NOOP", "RIGHT", "LEFT"),
        Dict.empty()
            .with("lives", Box.of(DType.INT64, 0, balls))
            .with("caught", Box.of(DType.INT64, 0, balls))
            .with("ball_x", Box.of(DType.FLOAT64, 0, Picture.SIZE))
            .with("ball_y", Box.of(DType.FLOAT64, 0, Picture.SIZE))
            .with("ball_vx", Box.of(DType.FLOAT64, -1, 1))
            .with("paddle_x", Box.of(DType.FLOAT64, 0, Picture.SIZE)));
    this.balls = balls;
    this.paddleWidth = paddleWidth;
    this.speed = speed;
    if (sky) {
      paintSky();
    }
    scenery.fill(0, 61, Picture.SIZE, 3, 0x1D5C33);
  }

  private void paintSky() {
    scenery.gradient(0, 60, 0x101436, 0x6A4A86);
    RandomStream stars = new RandomStream(0);
    for (int i = 0; i < 28; i++) {
      scenery.fill(
          stars.nextInt(Picture.SIZE),
          5 + stars.nextInt(38),
          1,
          1,
          i % 4 == 0 ? 0xC8CCF0 : 0x6A70A8);
    }
  }

  @Override
  void begin() {
    ballsLeft = balls;
    caught = 0;
    flash = 0;
    paddleX = (Picture.SIZE - paddleWidth) / 2;
    drop();
  }

  private void drop() {
    ballX = random.nextInt(Picture.SIZE - BALL + 1);
    ballY = START_Y;
    drift = random.nextInt(3) - 1;
  }

  @Override
  int advance(int action) {
    paddleX = Math.clamp(paddleX + MOVES[action], 0, Picture.SIZE - paddleWidth);
    flash -= Integer.signum(flash);
    ballX += drift;
    if (ballX < 0 || ballX > Picture.SIZE - BALL) {
      drift = -drift;
      ballX += 2 * drift;
    }
    ballY += speed;
    if (ballY + BALL < PADDLE_Y) {
      return 0;
    }
    boolean hit = ballX + BALL > paddleX && ballX < paddleX + paddleWidth;
    flash = hit ? FLASH_STEPS : -FLASH_STEPS;
    ballsLeft--;
    if (hit) {
      caught++;
    }
    if (ballsLeft > 0) {
      drop();
    }
    return hit ? 1 : -1;
  }

  @Override
  boolean over() {
    return ballsLeft == 0;
  }

  @Override
  void paint(Picture screen) {
    screen.copyFrom(scenery);
    screen.fill(
        0, 60, Picture.SIZE, 1, flash == 0 ? GROUND : flash > 0 ? GROUND_CAUGHT : GROUND_MISSED);
    screen.fill(ballX - 2 * drift + 1, ballY - 5, 2, 2, 0x8A6A5E);
    screen.fill(ballX - drift + 1, ballY - 2, 2, 2, 0xC09050);
    screen.draw(BALL_SPRITE, ballX, ballY);
    screen.fill(2, 1, 60, 2, 0x2A2E5A);
    screen.fill(2, 1, 60 * ballsLeft / balls, 2, 0xFFD84A);
    screen.fill(paddleX, PADDLE_Y, paddleWidth, 1, 0xC8FFF4);
    screen.fill(paddleX, PADDLE_Y + 1, paddleWidth, 1, 0x38C8B8);
    screen.fill(paddleX + 1, PADDLE_Y + 2, paddleWidth - 2, 1, 0x1E8A84);
  }

  @Override
  void describe(Value info) {
    info.setScalar(0, ballsLeft);
    info.setScalar(1, caught);
    info.setScalar(2, ballX + BALL / 2.0);
    info.setScalar(3, ballY + BALL / 2.0);
    info.setScalar(4, drift);
    info.setScalar(5, paddleX + paddleWidth / 2.0);
  }

  @Override
  void writeGame(DataOutput out) throws IOException {
    out.writeInt(ballsLeft);
    out.writeInt(caught);
    out.writeInt(ballX);
    out.writeInt(ballY);
    out.writeInt(drift);
    out.writeInt(paddleX);
    out.writeInt(flash);
  }

  @Override
  void readGame(DataInput in) throws IOException {
    ballsLeft = in.readInt();
    caught = in.readInt();
    ballX = in.readInt();
    ballY = in.readInt();
    drift = in.readInt();
    paddleX = in.readInt();
    flash = in.readInt();
  }
}
