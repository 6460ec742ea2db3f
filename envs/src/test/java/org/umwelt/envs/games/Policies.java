package org.umwelt.envs.games;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;

/** Plays the games: at random, and from what the infos say. */
final class Policies {
  private static final int STAY = 0;
  private static final int HORIZON = 24;

  private Policies() {}

  /** Chooses an action from an info. */
  @FunctionalInterface
  interface Policy {
    long act(Value info);
  }

  static Policy scripted(String id) {
    return switch (id) {
      case Catch.ID, Bricks.ID -> Policies::follow;
      case GridCatch.ID -> Policies::followInCells;
      case Dodge.ID -> Policies::dodge;
      default -> throw new IllegalArgumentException(id);
    };
  }

  static Policy random(Environment game, long seed) {
    RandomStream random = new RandomStream(seed, 99);
    Value action = Value.allocate(game.actionSpace());
    return _ -> {
      game.actionSpace().sample(random, action);
      return action.asLong();
    };
  }

  /** Returns the mean return over episodes with the seeds 0, 1, ... */
  static double meanReturn(Environment game, Policy policy, int episodes) {
    Step step = Step.allocate(game);
    Value action = Value.allocate(game.actionSpace());
    double sum = 0;
    for (int episode = 0; episode < episodes; episode++) {
      game.reset(Reset.seeded(episode), step);
      while (!step.ended()) {
        action.setLong(policy.act(step.info()));
        game.step(action, step);
        sum += step.reward();
      }
    }
    return sum / episodes;
  }

  static double read(Value info, String key) {
    return info.scalar(((Dict) info.space()).firstLeaf(key));
  }

  private static long follow(Value info) {
    double ahead = read(info, "ball_x") - read(info, "paddle_x");
    return ahead > 2 ? 1 : ahead < -2 ? 2 : STAY;
  }

  private static long followInCells(Value info) {
    double ahead = read(info, "ball_column") - read(info, "basket_column");
    return ahead > 0 ? 1 : ahead < 0 ? 2 : STAY;
  }

  /** Tries each move for a few steps, then standing still; fewest hits first, then nearest gem. */
  private static long dodge(Value info) {
    double gem = nearestGem(info);
    long best = STAY;
    double bestCost = Double.POSITIVE_INFINITY;
    for (int action = 0; action < 5; action++) {
      for (int moves = 1; moves <= 8; moves += action == 0 ? 8 : 1) {
        double cost = cost(info, action, moves, gem);
        if (cost < bestCost) {
          bestCost = cost;
          best = action;
        }
      }
    }
    return best;
  }

  private static double cost(Value info, int action, int moves, double gem) {
    double x = read(info, "player_x") - 3;
    double y = read(info, "player_y") - 3;
    MemorySegment rocks = info.leaf(((Dict) info.space()).firstLeaf("rocks"));
    int hits = 0;
    for (int t = 1; t <= HORIZON; t++) {
      if (t <= moves) {
        x = Math.clamp(x + (action == 2 ? 2 : action == 3 ? -2 : 0), 0, 58);
        y = Math.clamp(y + (action == 1 ? -2 : action == 4 ? 2 : 0), 32, 57);
      }
      for (int rock = 0; rock < 8; rock++) {
        long rockX = rocks.getAtIndex(ValueLayout.JAVA_LONG, rock * 4L);
        long size = rocks.getAtIndex(ValueLayout.JAVA_LONG, rock * 4L + 2);
        long speed = rocks.getAtIndex(ValueLayout.JAVA_LONG, rock * 4L + 3);
        long rockY = rocks.getAtIndex(ValueLayout.JAVA_LONG, rock * 4L + 1) + speed * t;
        if (size > 0 && rockX < x + 6 && rockX + size > x && rockY < y + 6 && rockY + size > y) {
          hits++;
        }
      }
    }
    return hits * 1000 + Math.abs(gem - (x + 3)) + 0.1 * moves + (57 - y) * 0.2;
  }

  private static double nearestGem(Value info) {
    MemorySegment gems = info.leaf(((Dict) info.space()).firstLeaf("gems"));
    double best = 32;
    long lowest = Long.MIN_VALUE;
    for (int gem = 0; gem < 2; gem++) {
      long y = gems.getAtIndex(ValueLayout.JAVA_LONG, gem * 3L + 1);
      if (gems.getAtIndex(ValueLayout.JAVA_LONG, gem * 3L + 2) > 0 && y > lowest) {
        lowest = y;
        best = gems.getAtIndex(ValueLayout.JAVA_LONG, gem * 3L) + 2.5;
      }
    }
    return best;
  }
}
