package org.umwelt.envs.games;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/**
 * A ship dodges falling rocks and collects falling gems.
 *
 * <h2>Description</h2>
 *
 * <p>Rocks of two sizes and two speeds fall at random places, and now and then a gem. Touching a
 * rock breaks it and costs a life, after which the ship blinks and cannot be hurt for 20 steps.
 *
 * <h2>Actions</h2>
 *
 * <p>Discrete(5): 0 stay, 1 up, 2 right, 3 left, 4 down; the ship moves 2 pixels a step and keeps
 * to the lower half.
 *
 * <h2>Observations</h2>
 *
 * <p>Box(0, 255, [64, 64, 3], uint8): the screen. Fast rocks are redder than slow ones; hearts at
 * the top are the lives left.
 *
 * <table>
 *   <caption>Info</caption>
 *   <tr><th>key</th><th>dtype, shape</th><th>range</th><th>meaning</th></tr>
 *   <tr><td>lives</td><td>int64</td><td>0 to lives</td><td>lives left</td></tr>
 *   <tr><td>gems_collected</td><td>int64</td><td>0 and more</td><td>in this episode</td></tr>
 *   <tr><td>shield</td><td>int64</td><td>0 to 20</td><td>steps in which the ship cannot be hurt</td></tr>
 *   <tr><td>player_x, player_y</td><td>float64</td><td>0 to 64</td><td>centre of the ship, 6 by 6 pixels</td></tr>
 *   <tr><td>rocks</td><td>int64 [8, 4]</td><td>-8 to 64</td><td>x and y of each rock's upper left corner, its size (0: no
 *       rock in this row) and its speed</td></tr>
 *   <tr><td>gems</td><td>int64 [2, 3]</td><td>-8 to 64</td><td>x and y of each gem's upper left corner, and its size (5, or 0
 *       for none)</td></tr>
 * </table>
 *
 * <h2>Reward</h2>
 *
 * <p>+1 for a gem, -1 for being hit, 0 otherwise.
 *
 * <h2>Start</h2>
 *
 * <p>An empty sky, the ship at the bottom in the middle; all that falls is drawn from the seed.
 *
 * <h2>End</h2>
 *
 * <p>Terminated when no life is left; truncated after {@code max_episode_steps}.
 *
 * <h2>Arguments</h2>
 *
 * <p>{@code lives} (3): 1 to 9. {@code rock_interval} (9): steps from one rock to the next, 4 to
 * 60. {@code max_episode_steps} (2000): 0 for no limit.
 *
 * <h2>Version history</h2>
 *
 * <p>v0: first version.
 */
public final class Dodge extends PixelGame {
  /** The id in the registry. */
  public static final String ID = "umwelt/Dodge-v0";

  private static final int ROCKS = 8;
  private static final int GEMS = 2;
  private static final int GEM_INTERVAL = 31;
  private static final int GEM_SPEED = 1;
  private static final int SHIP = 6;
  private static final int SHIP_SPEED = 2;
  private static final int SHIP_TOP = 32;
  private static final int SHIP_BOTTOM = 57;
  private static final int SHIELD_STEPS = 20;
  private static final int STARS = 26;
  private static final int[] MOVES_X = {0, 0, SHIP_SPEED, -SHIP_SPEED, 0};
  private static final int[] MOVES_Y = {0, -SHIP_SPEED, 0, 0, SHIP_SPEED};

  private static final Map<Character, Integer> GREY =
      Map.of('l', 0xB4ACA4, 'm', 0x857B73, 'd', 0x564D48);
  private static final Map<Character, Integer> RED =
      Map.of('l', 0xE0906A, 'm', 0xB0583C, 'd', 0x703024);
  private static final String SMALL_ROCK = ".lll.. llmmm. lmmdmm mmmmmd .mdmdd ..ddd.";
  private static final String LARGE_ROCK =
      "..llll.. .lllmmm. llmmmmmm lmmdmmmd lmmmmddm mmmmmmmd .mdmmdd. ..dddd..";
  private static final Sprite[] ROCK_SPRITES = {
    Sprite.of(GREY, SMALL_ROCK),
    Sprite.of(GREY, LARGE_ROCK),
    Sprite.of(RED, SMALL_ROCK),
    Sprite.of(RED, LARGE_ROCK)
  };
  private static final Sprite GEM_SPRITE =
      Sprite.of(
          Map.of('w', 0xFFFFFF, 'c', 0x5CF2F0, 'b', 0x1EA8D8), "..c.. .wcc. wcccb .ccb. ..b..");
  private static final Sprite SHIP_SPRITE =
      Sprite.of(
          Map.of('w', 0xFFFFFF, 's', 0xC4D0E8, 'b', 0x4A90F0, 'f', 0xFFB040),
          "..ws.. ..ws.. .wbbs. .wbbs. wwssss f.ff.f");
  private static final Sprite HEART =
      Sprite.of(Map.of('r', 0xF2505A, 'w', 0xFFC0C4), "rw.rr rrrrr .rrr. ..r..");

  private final int startLives;
  private final int rockInterval;
  private final Picture scenery = new Picture();
  private final int[] starX = new int[STARS];
  private final int[] starY = new int[STARS];

  private final int[] rockX = new int[ROCKS];
  private final int[] rockY = new int[ROCKS];
  private final int[] rockSize = new int[ROCKS]; // 0: the slot is free
  private final int[] rockSpeed = new int[ROCKS];
  private final int[] gemX = new int[GEMS];
  private final int[] gemY = new int[GEMS];
  private final boolean[] gemThere = new boolean[GEMS];
  private int lives;
  private int collected;
  private int shield;
  private int shipX;
  private int shipY;
  private int clock;

  Dodge(int lives, int rockInterval) {
    super(
        ID,
        List.of("NOOP", "UP", "RIGHT", "LEFT", "DOWN"),
        Dict.empty()
            .with("lives", Box.of(DType.INT64, 0, lives))
            .with("gems_collected", Box.of(DType.INT64, 0, Integer.MAX_VALUE))
            .with("shield", Box.of(DType.INT64, 0, SHIELD_STEPS))
            .with("player_x", Box.of(DType.FLOAT64, 0, Picture.SIZE))
            .with("player_y", Box.of(DType.FLOAT64, 0, Picture.SIZE))
            .with("rocks", Box.of(DType.INT64, -8, Picture.SIZE, ROCKS, 4))
            .with("gems", Box.of(DType.INT64, -8, Picture.SIZE, GEMS, 3)));
    this.startLives = lives;
    this.rockInterval = rockInterval;
    scenery.gradient(0, Picture.SIZE, 0x06070F, 0x1A1436);
    RandomStream stars = new RandomStream(1);
    for (int star = 0; star < STARS; star++) {
      starX[star] = stars.nextInt(Picture.SIZE);
      starY[star] = stars.nextInt(Picture.SIZE);
    }
  }

  @Override
  void begin() {
    Arrays.fill(rockX, 0);
    Arrays.fill(rockY, 0);
    Arrays.fill(rockSize, 0);
    Arrays.fill(rockSpeed, 0);
    Arrays.fill(gemX, 0);
    Arrays.fill(gemY, 0);
    Arrays.fill(gemThere, false);
    lives = startLives;
    collected = 0;
    shield = 0;
    shipX = (Picture.SIZE - SHIP) / 2;
    shipY = SHIP_BOTTOM;
    clock = 0;
  }

  @Override
  int advance(int action) {
    shipX = Math.clamp(shipX + MOVES_X[action], 0, Picture.SIZE - SHIP);
    shipY = Math.clamp(shipY + MOVES_Y[action], SHIP_TOP, SHIP_BOTTOM);
    shield = Math.max(0, shield - 1);
    int reward = moveRocks() + moveGems();
    if (clock % rockInterval == 0) {
      addRock();
    }
    if (clock % GEM_INTERVAL == GEM_INTERVAL / 2) {
      addGem();
    }
    clock++;
    return reward;
  }

  private int moveRocks() {
    int reward = 0;
    for (int rock = 0; rock < ROCKS; rock++) {
      if (rockSize[rock] == 0) {
        continue;
      }
      rockY[rock] += rockSpeed[rock];
      // The corners of rocks are round: a rectangle one pixel smaller all around is what hurts.
      boolean hits = touches(rockX[rock] + 1, rockY[rock] + 1, rockSize[rock] - 2);
      if (hits && shield == 0) {
        lives--;
        shield = SHIELD_STEPS;
        reward--;
        removeRock(rock);
      } else if (rockY[rock] >= Picture.SIZE) {
        removeRock(rock);
      }
    }
    return reward;
  }

  private void removeRock(int rock) {
    rockX[rock] = 0;
    rockY[rock] = 0;
    rockSize[rock] = 0;
    rockSpeed[rock] = 0;
  }

  private int moveGems() {
    int reward = 0;
    for (int gem = 0; gem < GEMS; gem++) {
      if (!gemThere[gem]) {
        continue;
      }
      gemY[gem] += GEM_SPEED;
      boolean taken = touches(gemX[gem], gemY[gem], GEM_SPRITE.width());
      if (taken) {
        collected++;
        reward++;
      }
      if (taken || gemY[gem] >= Picture.SIZE) {
        gemThere[gem] = false;
        gemX[gem] = 0;
        gemY[gem] = 0;
      }
    }
    return reward;
  }

  private boolean touches(int x, int y, int size) {
    return x < shipX + SHIP && x + size > shipX && y < shipY + SHIP && y + size > shipY;
  }

  private void addRock() {
    int size = random.nextBoolean() ? 6 : 8;
    int x = random.nextInt(Picture.SIZE - size + 1);
    int speed = 1 + random.nextInt(2);
    for (int rock = 0; rock < ROCKS; rock++) {
      if (rockSize[rock] == 0) {
        rockX[rock] = x;
        rockY[rock] = -size;
        rockSize[rock] = size;
        rockSpeed[rock] = speed;
        return;
      }
    }
  }

  private void addGem() {
    int x = random.nextInt(Picture.SIZE - GEM_SPRITE.width() + 1);
    for (int gem = 0; gem < GEMS; gem++) {
      if (!gemThere[gem]) {
        gemX[gem] = x;
        gemY[gem] = -GEM_SPRITE.height();
        gemThere[gem] = true;
        return;
      }
    }
  }

  @Override
  boolean over() {
    return lives == 0;
  }

  @Override
  void paint(Picture screen) {
    screen.copyFrom(scenery);
    for (int star = 0; star < STARS; star++) {
      boolean near = star % 3 == 0;
      int y = (starY[star] + clock / (near ? 2 : 4)) % Picture.SIZE;
      screen.dot(starX[star], y, near ? 0x9AA0C8 : 0x50547C);
    }
    for (int gem = 0; gem < GEMS; gem++) {
      if (gemThere[gem]) {
        screen.draw(GEM_SPRITE, gemX[gem], gemY[gem]);
      }
    }
    for (int rock = 0; rock < ROCKS; rock++) {
      if (rockSize[rock] != 0) {
        Sprite sprite = ROCK_SPRITES[2 * (rockSpeed[rock] - 1) + (rockSize[rock] == 8 ? 1 : 0)];
        screen.draw(sprite, rockX[rock], rockY[rock]);
      }
    }
    if (shield % 4 < 2) {
      screen.draw(SHIP_SPRITE, shipX, shipY);
    }
    for (int life = 0; life < lives; life++) {
      screen.draw(HEART, 1 + 7 * life, 1);
    }
  }

  @Override
  void describe(Value info) {
    info.setScalar(0, lives);
    info.setScalar(1, collected);
    info.setScalar(2, shield);
    info.setScalar(3, shipX + SHIP / 2.0);
    info.setScalar(4, shipY + SHIP / 2.0);
    MemorySegment rocks = info.leaf(5);
    for (int rock = 0; rock < ROCKS; rock++) {
      rocks.setAtIndex(ValueLayout.JAVA_LONG, rock * 4L, rockX[rock]);
      rocks.setAtIndex(ValueLayout.JAVA_LONG, rock * 4L + 1, rockY[rock]);
      rocks.setAtIndex(ValueLayout.JAVA_LONG, rock * 4L + 2, rockSize[rock]);
      rocks.setAtIndex(ValueLayout.JAVA_LONG, rock * 4L + 3, rockSpeed[rock]);
    }
    MemorySegment gems = info.leaf(6);
    for (int gem = 0; gem < GEMS; gem++) {
      gems.setAtIndex(ValueLayout.JAVA_LONG, gem * 3L, gemX[gem]);
      gems.setAtIndex(ValueLayout.JAVA_LONG, gem * 3L + 1, gemY[gem]);
      gems.setAtIndex(ValueLayout.JAVA_LONG, gem * 3L + 2, gemThere[gem] ? GEM_SPRITE.width() : 0);
    }
  }

  @Override
  void writeGame(DataOutput out) throws IOException {
    for (int rock = 0; rock < ROCKS; rock++) {
      out.writeInt(rockX[rock]);
      out.writeInt(rockY[rock]);
      out.writeInt(rockSize[rock]);
      out.writeInt(rockSpeed[rock]);
    }
    for (int gem = 0; gem < GEMS; gem++) {
      out.writeInt(gemX[gem]);
      out.writeInt(gemY[gem]);
      out.writeBoolean(gemThere[gem]);
    }
    out.writeInt(lives);
    out.writeInt(collected);
    out.writeInt(shield);
    out.writeInt(shipX);
    out.writeInt(shipY);
    out.writeInt(clock);
  }

  @Override
  void readGame(DataInput in) throws IOException {
    for (int rock = 0; rock < ROCKS; rock++) {
      rockX[rock] = in.readInt();
      rockY[rock] = in.readInt();
      rockSize[rock] = in.readInt();
      rockSpeed[rock] = in.readInt();
    }
    for (int gem = 0; gem < GEMS; gem++) {
      gemX[gem] = in.readInt();
      gemY[gem] = in.readInt();
      gemThere[gem] = in.readBoolean();
    }
    lives = in.readInt();
    collected = in.readInt();
    shield = in.readInt();
    shipX = in.readInt();
    shipY = in.readInt();
    clock = in.readInt();
  }
}
