package org.umwelt.agents.policies;

import java.lang.foreign.MemorySegment;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/**
 * Compares plans of the form "k steps to one side, then wait" by playing them against what falls,
 * and begins the best: no hit before all, then gems, then nearness to the lowest gem.
 */
final class DodgeScript implements Script {
  private static final long STAY = 0;
  private static final long[] ACTIONS = {STAY, 2, 3}; // stay, right, left
  private static final int[] VELOCITIES = {0, 2, -2};

  private static final int LONGEST_MOVE = 28;
  private static final int HORIZON = 32;
  private static final double SHIP = 6;
  private static final double SCREEN = 64;
  private static final int ROCK_COLUMNS = 4; // x, y, size, speed
  private static final int GEM_COLUMNS = 3; // x, y, size
  private static final double GEM_SPEED = 1;

  /** A hit costs more the sooner it comes, because later ones can still be avoided. */
  private static final double HIT = 10;

  private static final double DISTANCE = 1e-3;

  private final int shield;
  private final int playerX;
  private final int playerY;
  private final int rocks;
  private final int gems;

  DodgeScript(Dict infos) {
    shield = infos.firstLeaf("shield");
    playerX = infos.firstLeaf("player_x");
    playerY = infos.firstLeaf("player_y");
    rocks = infos.firstLeaf("rocks");
    gems = infos.firstLeaf("gems");
  }

  @Override
  public long act(Value info, long step) {
    double best = Double.NEGATIVE_INFINITY;
    long action = STAY;
    for (int side = 0; side < ACTIONS.length; side++) {
      for (int moves = side == 0 ? LONGEST_MOVE : 1; moves <= LONGEST_MOVE; moves++) {
        double worth = worth(info, VELOCITIES[side], moves);
        if (worth > best) {
          best = worth;
          action = ACTIONS[side];
        }
      }
    }
    return action;
  }

  private double worth(Value info, double velocity, int moves) {
    double top = info.scalar(playerY) - SHIP / 2;
    double start = info.scalar(playerX) - SHIP / 2;
    double worth = 0;
    MemorySegment fallingRocks = info.leaf(rocks);
    long rockCount = fallingRocks.byteSize() / Long.BYTES / ROCK_COLUMNS;
    for (int rock = 0; rock < rockCount; rock++) {
      double size = number(fallingRocks, rock, ROCK_COLUMNS, 2) - 2; // round corners do not hurt
      double x = number(fallingRocks, rock, ROCK_COLUMNS, 0) + 1;
      double y = number(fallingRocks, rock, ROCK_COLUMNS, 1) + 1;
      double speed = number(fallingRocks, rock, ROCK_COLUMNS, 3);
      int hit = size <= 0 ? -1 : firstTouch(start, velocity, moves, top, x, y, size, speed);
      if (hit > info.scalar(shield)) {
        worth -= HIT * (2 - (double) hit / HORIZON);
      }
    }
    MemorySegment fallingGems = info.leaf(gems);
    long gemCount = fallingGems.byteSize() / Long.BYTES / GEM_COLUMNS;
    double lowest = Double.NEGATIVE_INFINITY;
    double distance = 0;
    for (int gem = 0; gem < gemCount; gem++) {
      double size = number(fallingGems, gem, GEM_COLUMNS, 2);
      double x = number(fallingGems, gem, GEM_COLUMNS, 0);
      double y = number(fallingGems, gem, GEM_COLUMNS, 1);
      if (size <= 0) {
        continue;
      }
      int taken = firstTouch(start, velocity, moves, top, x, y, size, GEM_SPEED);
      if (taken > 0) {
        worth += 1 - DISTANCE * taken;
      } else if (y > lowest && y < top) {
        lowest = y;
        distance = Math.abs(x + size / 2 - at(start, velocity, Math.min(moves, 1)) - SHIP / 2);
      }
    }
    return worth - DISTANCE * distance;
  }

  /** Returns the step, from 1, in which the ship first touches a square; -1 within the horizon. */
  private static int firstTouch(
      double start,
      double velocity,
      int moves,
      double top,
      double x,
      double y,
      double size,
      double speed) {
    for (int step = 1; step <= HORIZON; step++) {
      double left = at(start, velocity, Math.min(step, moves));
      double height = y + step * speed;
      if (x < left + SHIP && x + size > left && height < top + SHIP && height + size > top) {
        return step;
      }
    }
    return -1;
  }

  private static double at(double start, double velocity, int steps) {
    return Math.clamp(start + velocity * steps, 0, SCREEN - SHIP);
  }

  private static double number(MemorySegment table, int row, int columns, int column) {
    return DType.INT64.getLong(table, (long) row * columns + column);
  }
}
