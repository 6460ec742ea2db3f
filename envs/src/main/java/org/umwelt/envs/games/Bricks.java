package org.umwelt.envs.games;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/**
 * A ball knocks bricks out of a wall; a paddle keeps it in play.
 *
 * <h2>Description</h2>
 *
 * <p>Six rows of ten bricks. The ball bounces off walls, bricks and the paddle; the farther from
 * the middle of the paddle it lands, the flatter it leaves. A ball that falls past the paddle costs
 * a life, and the next one is served after a short pause from a random place.
 *
 * <h2>Actions</h2>
 *
 * <p>Discrete(3): 0 stay, 1 right, 2 left; the paddle moves 3 pixels a step.
 *
 * <h2>Observations</h2>
 *
 * <p>Box(0, 255, [64, 64, 3], uint8): the screen. Two fading spots behind the ball show where it
 * comes from, hearts at the top the lives left.
 *
 * <table>
 *   <caption>Info</caption>
 *   <tr><th>key</th><th>dtype</th><th>range</th><th>meaning</th></tr>
 *   <tr><td>lives</td><td>int64</td><td>0 to lives</td><td>balls left, the one in play included</td></tr>
 *   <tr><td>bricks</td><td>int64</td><td>0 to 60</td><td>bricks that still stand</td></tr>
 *   <tr><td>ball_x, ball_y</td><td>float64</td><td>0 to 64</td><td>centre of the ball</td></tr>
 *   <tr><td>ball_vx, ball_vy</td><td>float64</td><td>-3 to 3, -2 to 2</td><td>pixels the ball moves per step</td></tr>
 *   <tr><td>paddle_x</td><td>float64</td><td>0 to 64</td><td>centre of the paddle</td></tr>
 * </table>
 *
 * <h2>Reward</h2>
 *
 * <p>For each brick 1 (lower two rows), 2 (middle two) or 3 (upper two). The highest return is 120.
 *
 * <h2>Start</h2>
 *
 * <p>The wall is whole and the paddle in the middle; the place and direction of each serve are
 * drawn from the seed.
 *
 * <h2>End</h2>
 *
 * <p>Terminated when no life or no brick is left; truncated after {@code max_episode_steps}.
 *
 * <h2>Arguments</h2>
 *
 * <p>{@code lives} (3): 1 to 9. {@code paddle_width} (12): 4 to 32. {@code max_episode_steps}
 * (10000): 0 for no limit.
 *
 * <h2>Version history</h2>
 *
 * <p>v0: first version.
 */
public final class Bricks extends PixelGame {
  /** The id in the registry. */
  public static final String ID = "umwelt/Bricks-v0";

  private static final int ROWS = 6;
  private static final int COLUMNS = 10;
  private static final int WALL_TOP = 14;
  private static final int BRICK_WIDTH = 6; // with a gap of one pixel at the right
  private static final int BRICK_HEIGHT = 4; // with a gap of one pixel below
  private static final int[] ROW_REWARDS = {3, 3, 2, 2, 1, 1};
  private static final int[] ROW_COLOURS = {
    0xE5484D, 0xF2803A, 0xF5C542, 0x58C26A, 0x3BB0C9, 0x5B7BEA
  };

  private static final int LEFT = 2;
  private static final int RIGHT = 62;
  private static final int TOP = 8;
  private static final int PADDLE_Y = 59;
  private static final int PADDLE_SPEED = 3;
  private static final int[] MOVES = {0, PADDLE_SPEED, -PADDLE_SPEED};
  private static final int BALL = 2;
  private static final int SERVE_Y = 42;
  private static final int SERVE_PAUSE = 10;
  private static final int SUBSTEPS = 2;
  private static final int FLATTEST = 3; // half pixels across per pixel down

  private static final Sprite HEART =
      Sprite.of(Map.of('r', 0xF2505A, 'w', 0xFFC0C4), "rw.rr rrrrr .rrr. ..r..");

  private final int startLives;
  private final int paddleWidth;
  private final Picture empty = new Picture();
  private final Picture scenery = new Picture();
  private final boolean[] bricks = new boolean[ROWS * COLUMNS];

  private int bricksLeft;
  private int lives;
  private int paddleX;
  private int pause;
  private int ballHalfX; // in half pixels
  private int ballY;
  private int velocityX; // half pixels per substep
  private int velocityY; // pixels per substep, -1 or 1

  Bricks(int lives, int paddleWidth) {
    super(
        ID,
        List.of("NOOP", "RIGHT", "LEFT"),
        Dict.empty()
            .with("lives", Box.of(DType.INT64, 0, lives))
            .with("bricks", Box.of(DType.INT64, 0, ROWS * COLUMNS))
            .with("ball_x", Box.of(DType.FLOAT64, 0, Picture.SIZE))
            .with("ball_y", Box.of(DType.FLOAT64, 0, Picture.SIZE))
            .with("ball_vx", Box.of(DType.FLOAT64, -FLATTEST, FLATTEST))
            .with("ball_vy", Box.of(DType.FLOAT64, -SUBSTEPS, SUBSTEPS))
            .with("paddle_x", Box.of(DType.FLOAT64, 0, Picture.SIZE)));
    this.startLives = lives;
    this.paddleWidth = paddleWidth;
    empty.gradient(0, Picture.SIZE, 0x161A2B, 0x26304A);
    empty.fill(0, 0, Picture.SIZE, 6, 0x0C0F1A);
    empty.fill(0, 6, Picture.SIZE, 2, 0x8C94A8);
    empty.fill(0, 6, LEFT, Picture.SIZE, 0x8C94A8);
    empty.fill(RIGHT, 6, Picture.SIZE - RIGHT, Picture.SIZE, 0x8C94A8);
    empty.fill(0, 6, Picture.SIZE, 1, 0xB8C0D0);
    empty.fill(0, 6, 1, Picture.SIZE, 0xB8C0D0);
  }

  @Override
  void begin() {
    Arrays.fill(bricks, true);
    bricksLeft = bricks.length;
    lives = startLives;
    paddleX = (Picture.SIZE - paddleWidth) / 2;
    build();
    serve();
  }

  private void build() {
    scenery.copyFrom(empty);
    for (int brick = 0; brick < bricks.length; brick++) {
      if (bricks[brick]) {
        int x = brickX(brick);
        int y = brickY(brick);
        int colour = ROW_COLOURS[brick / COLUMNS];
        scenery.fill(x, y, BRICK_WIDTH - 1, BRICK_HEIGHT - 1, colour);
        scenery.fill(x, y, BRICK_WIDTH - 1, 1, Picture.blend(colour, 0xFFFFFF, 0.4));
        scenery.fill(
            x, y + BRICK_HEIGHT - 2, BRICK_WIDTH - 1, 1, Picture.blend(colour, 0x000000, 0.3));
      }
    }
  }

  private static int brickX(int brick) {
    return LEFT + brick % COLUMNS * BRICK_WIDTH;
  }

  private static int brickY(int brick) {
    return WALL_TOP + brick / COLUMNS * BRICK_HEIGHT;
  }

  private void serve() {
    pause = SERVE_PAUSE;
    ballHalfX = 2 * (LEFT + 10 + random.nextInt(RIGHT - LEFT - 20 - BALL));
    ballY = SERVE_Y;
    velocityX = (1 + random.nextInt(2)) * (random.nextBoolean() ? 1 : -1);
    velocityY = 1;
  }

  @Override
  int advance(int action) {
    paddleX = Math.clamp(paddleX + MOVES[action], LEFT, RIGHT - paddleWidth);
    if (pause > 0) {
      pause--;
      return 0;
    }
    int reward = 0;
    for (int substep = 0; substep < SUBSTEPS && pause == 0 && !over(); substep++) {
      reward += moveAcross() + moveDown();
    }
    return reward;
  }

  private int moveAcross() {
    int before = ballHalfX;
    ballHalfX += velocityX;
    int lowest = 2 * LEFT;
    int highest = 2 * (RIGHT - BALL);
    if (ballHalfX < lowest || ballHalfX > highest) {
      ballHalfX = 2 * (ballHalfX < lowest ? lowest : highest) - ballHalfX;
      velocityX = -velocityX;
    }
    int reward = knock();
    if (reward > 0) {
      ballHalfX = before;
      velocityX = -velocityX;
    }
    return reward;
  }

  private int moveDown() {
    ballY += velocityY;
    int reward = knock();
    if (reward > 0) {
      ballY -= velocityY;
      velocityY = -velocityY;
    } else if (ballY == TOP) {
      velocityY = 1;
    } else if (ballY + BALL == PADDLE_Y) {
      bounceOffPaddle();
    } else if (ballY + BALL == Picture.SIZE) {
      lives--;
      if (lives > 0) {
        serve();
      }
    }
    return reward;
  }

  private void bounceOffPaddle() {
    int ballX = ballHalfX / 2;
    if (velocityY < 0 || ballX + BALL <= paddleX || ballX >= paddleX + paddleWidth) {
      return;
    }
    velocityY = -1;
    int offset = ballHalfX + BALL - 2 * paddleX - paddleWidth; // between centres, in half pixels
    int across = Math.clamp(offset * (FLATTEST + 1) / (paddleWidth + BALL), -FLATTEST, FLATTEST);
    velocityX = across != 0 ? across : Integer.signum(velocityX);
  }

  /** Breaks the first brick the ball overlaps and returns its reward, or returns 0. */
  private int knock() {
    int x = ballHalfX / 2;
    for (int corner = 0; corner < 4; corner++) {
      int brick = standingBrick(x + corner % 2 * (BALL - 1), ballY + corner / 2 * (BALL - 1));
      if (brick >= 0) {
        bricks[brick] = false;
        bricksLeft--;
        scenery.copyFrom(empty, brickX(brick), brickY(brick), BRICK_WIDTH - 1, BRICK_HEIGHT - 1);
        return ROW_REWARDS[brick / COLUMNS];
      }
    }
    return 0;
  }

  /** Returns the standing brick at a pixel, or -1 where there is none. */
  private int standingBrick(int x, int y) {
    int row = Math.floorDiv(y - WALL_TOP, BRICK_HEIGHT);
    int column = Math.floorDiv(x - LEFT, BRICK_WIDTH);
    boolean stands =
        row >= 0
            && row < ROWS
            && column >= 0
            && column < COLUMNS
            && (y - WALL_TOP) % BRICK_HEIGHT < BRICK_HEIGHT - 1
            && (x - LEFT) % BRICK_WIDTH < BRICK_WIDTH - 1
            && bricks[row * COLUMNS + column];
    return stands ? row * COLUMNS + column : -1;
  }

  @Override
  boolean over() {
    return lives == 0 || bricksLeft == 0;
  }

  @Override
  void paint(Picture screen) {
    screen.copyFrom(scenery);
    for (int life = 0; life < lives; life++) {
      screen.draw(HEART, 2 + 7 * life, 1);
    }
    int x = ballHalfX / 2;
    if (pause == 0) {
      int back = velocityX / 2 + velocityX % 2;
      spot(screen, x - 2 * velocityX, ballY - 4 * velocityY, 0x4A5270);
      spot(screen, x - back, ballY - 2 * velocityY, 0x8890A8);
    }
    screen.fill(x, ballY, BALL, BALL, 0xFFFFFF);
    screen.fill(paddleX, PADDLE_Y, paddleWidth, 1, 0xFFE9C0);
    screen.fill(paddleX, PADDLE_Y + 1, paddleWidth, 1, 0xE8A050);
  }

  private void spot(Picture screen, int x, int y, int colour) {
    if (x >= LEFT && x < RIGHT - 1 && y >= TOP && standingBrick(x, y) < 0) {
      screen.fill(x, y, BALL, BALL, colour);
    }
  }

  @Override
  void describe(Value info) {
    boolean moves = pause == 0;
    info.setScalar(0, lives);
    info.setScalar(1, bricksLeft);
    info.setScalar(2, (ballHalfX + BALL) / 2.0);
    info.setScalar(3, ballY + BALL / 2.0);
    info.setScalar(4, moves ? velocityX * SUBSTEPS / 2.0 : 0);
    info.setScalar(5, moves ? velocityY * SUBSTEPS : 0);
    info.setScalar(6, paddleX + paddleWidth / 2.0);
  }

  @Override
  void writeGame(DataOutput out) throws IOException {
    for (boolean brick : bricks) {
      out.writeBoolean(brick);
    }
    out.writeInt(lives);
    out.writeInt(paddleX);
    out.writeInt(pause);
    out.writeInt(ballHalfX);
    out.writeInt(ballY);
    out.writeInt(velocityX);
    out.writeInt(velocityY);
  }

  @Override
  void readGame(DataInput in) throws IOException {
    bricksLeft = 0;
    for (int brick = 0; brick < bricks.length; brick++) {
      bricks[brick] = in.readBoolean();
      bricksLeft += bricks[brick] ? 1 : 0;
    }
    lives = in.readInt();
    paddleX = in.readInt();
    pause = in.readInt();
    ballHalfX = in.readInt();
    ballY = in.readInt();
    velocityX = in.readInt();
    velocityY = in.readInt();
    build();
  }
}
