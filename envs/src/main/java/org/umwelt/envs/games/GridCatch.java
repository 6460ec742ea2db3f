package org.umwelt.envs.games;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/**
 * Catch on a board of few cells: few enough states for a model to learn within minutes.
 *
 * <h2>Description</h2>
 *
 * <p>A ball starts in a random cell of the top row and falls a cell per step, straight down. In the
 * bottom row a basket catches it or not, and the next one starts in the same step. Every ball can
 * be caught. The screen shows one of 448 pictures at most, on 4 by 4 cells one of 48, and hides
 * nothing but the number of balls left. Grown out of the Catch of Mnih et al., "Recurrent models of
 * visual attention", NeurIPS 2014, section 4.2, as Osband et al., "Behaviour suite for
 * reinforcement learning", ICLR 2020, have it.
 *
 * <h2>Actions</h2>
 *
 * <p>Discrete(3): 0 stay, 1 right, 2 left; the basket moves a cell a step.
 *
 * <h2>Observations</h2>
 *
 * <p>Box(0, 255, [64, 64, 3], uint8): the board, on black.
 *
 * <table>
 *   <caption>Info</caption>
 *   <tr><th>key</th><th>dtype</th><th>range</th><th>meaning</th></tr>
 *   <tr><td>lives</td><td>int64</td><td>0 to balls</td><td>balls left, the falling one included</td></tr>
 *   <tr><td>caught</td><td>int64</td><td>0 to balls</td><td>balls caught in this episode</td></tr>
 *   <tr><td>ball_column</td><td>int64</td><td>0 to cells - 1</td><td>of the ball</td></tr>
 *   <tr><td>ball_row</td><td>int64</td><td>0 to cells - 2</td><td>of the ball, 0 at the top</td></tr>
 *   <tr><td>basket_column</td><td>int64</td><td>0 to cells - basket</td><td>of the basket's left end</td></tr>
 * </table>
 *
 * <h2>Reward</h2>
 *
 * <p>+1 for a ball caught, -1 for one missed, 0 otherwise. With the defaults returns lie in [-10,
 * 10]; random actions catch about one ball in eight with the defaults.
 *
 * <h2>Start</h2>
 *
 * <p>The basket stands in a random column; the column of each ball is drawn from the seed too.
 *
 * <h2>End</h2>
 *
 * <p>Terminated when the last ball is caught or missed: with the defaults after 7 steps per ball.
 *
 * <h2>Arguments</h2>
 *
 * <p>{@code balls} (10): balls per episode, 1 to 100. {@code cells} (8): cells of a row and of a
 * column, 4 or 8. {@code basket} (1): width of the basket in cells, 1 to 3; a wide one is rewarded
 * by chance more often, and so learned sooner.
 *
 * <h2>Version history</h2>
 *
 * <p>v0: first version.
 */
public final class GridCatch extends PixelGame {
  /** The id in the registry. */
  public static final String ID = "umwelt/GridCatch-v0";

  private static final int[] MOVES = {0, 1, -1};
  private static final int BACKGROUND = 0x000000;
  private static final int BALL = 0xFFD84A;
  private static final int BASKET = 0x38C8B8;

  private final int balls;
  private final int cell; // pixels
  private final int bottom; // the basket's row
  private final int lastBasket; // the basket's place furthest to the right
  private final int width; // of the basket, in cells
  private int ballsLeft;
  private int caught;
  private int column;
  private int row;
  private int basket;

  GridCatch(int balls, int cells, int width) {
    super(
        ID,
        List.of("NOOP", "RIGHT", "LEFT"),
        Dict.empty()
            .with("lives", Box.of(DType.INT64, 0, balls))
            .with("caught", Box.of(DType.INT64, 0, balls))
            .with("ball_column", Box.of(DType.INT64, 0, cells - 1))
            .with("ball_row", Box.of(DType.INT64, 0, cells - 2))
            .with("basket_column", Box.of(DType.INT64, 0, cells - width)));
    this.balls = balls;
    this.cell = Picture.SIZE / cells;
    this.bottom = cells - 1;
    this.lastBasket = cells - width;
    this.width = width;
  }

  @Override
  void begin() {
    ballsLeft = balls;
    caught = 0;
    basket = random.nextInt(lastBasket + 1);
    drop();
  }

  private void drop() {
    column = random.nextInt(bottom + 1);
    row = 0;
  }

  @Override
  int advance(int action) {
    basket = Math.clamp(basket + MOVES[action], 0, lastBasket);
    if (row + 1 < bottom) {
      row++;
      return 0;
    }
    boolean hit = column >= basket && column < basket + width;
    ballsLeft--;
    if (hit) {
      caught++;
    }
    drop();
    return hit ? 1 : -1;
  }

  @Override
  boolean over() {
    return ballsLeft == 0;
  }

  @Override
  void paint(Picture screen) {
    screen.fill(0, 0, Picture.SIZE, Picture.SIZE, BACKGROUND);
    screen.fill(column * cell, row * cell, cell, cell, BALL);
    screen.fill(basket * cell, bottom * cell, width * cell, cell, BASKET);
  }

  @Override
  void describe(Value info) {
    info.setScalar(0, ballsLeft);
    info.setScalar(1, caught);
    info.setScalar(2, column);
    info.setScalar(3, row);
    info.setScalar(4, basket);
  }

  @Override
  void writeGame(DataOutput out) throws IOException {
    out.writeInt(ballsLeft);
    out.writeInt(caught);
    out.writeInt(column);
    out.writeInt(row);
    out.writeInt(basket);
  }

  @Override
  void readGame(DataInput in) throws IOException {
    ballsLeft = in.readInt();
    caught = in.readInt();
    column = in.readInt();
    row = in.readInt();
    basket = in.readInt();
  }
}
