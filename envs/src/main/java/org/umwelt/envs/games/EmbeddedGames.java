package org.umwelt.envs.games;

import java.util.List;
import org.umwelt.envs.Environment;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentProvider;
import org.umwelt.envs.wrappers.TimeLimit;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/** The games' ids. */
public final class EmbeddedGames implements EnvironmentProvider {
  private static final Setting PADDLE_WIDTH =
      Setting.integer("paddle_width", 12, 4, 32, "Width of what catches the ball, in pixels.");
  private static final Setting BALLS = Setting.integer("balls", 10, 1, 100, "Balls per episode.");
  private static final Setting LIVES =
      Setting.integer("lives", 3, 1, 9, "Lives at the start of an episode.");

  private static final List<EnvironmentEntry> ENTRIES =
      List.of(
          new EnvironmentEntry(
              Catch.ID,
              "Catch falling balls with a basket (64x64 RGB, 3 actions).",
              List.of(
                  BALLS,
                  PADDLE_WIDTH,
                  Setting.integer("speed", 2, 1, 4, "Pixels a ball falls per step."),
                  Setting.integer("ball_scale", 1, 1, 3, "A ball is 4 pixels times this wide."),
                  Setting.bool("sky", true, "Stars and a gradient behind the game; else black.")),
              settings ->
                  new Catch(
                      settings.intValue("balls"),
                      settings.intValue("paddle_width"),
                      settings.intValue("speed"),
                      settings.intValue("ball_scale"),
                      settings.bool("sky"))),
          new EnvironmentEntry(
              GridCatch.ID,
              "Catch on a board of 8 by 8 or 4 by 4 cells (64x64 RGB, 3 actions).",
              List.of(
                  BALLS,
                  Setting.choice("cells", "8", List.of("4", "8"), "Cells of a row, and rows."),
                  Setting.integer("basket", 1, 1, 3, "Width of the basket in cells.")),
              settings ->
                  new GridCatch(
                      settings.intValue("balls"),
                      Integer.parseInt(settings.text("cells")),
                      settings.intValue("basket"))),
          new EnvironmentEntry(
              Bricks.ID,
              "Knock bricks out of a wall (64x64 RGB, 3 actions, lives).",
              List.of(LIVES, PADDLE_WIDTH, timeLimit(10_000)),
              settings ->
                  limited(
                      new Bricks(settings.intValue("lives"), settings.intValue("paddle_width")),
                      settings)),
          new EnvironmentEntry(
              Dodge.ID,
              "Dodge rocks and collect gems with a ship (64x64 RGB, 5 actions, lives).",
              List.of(
                  LIVES,
                  Setting.integer("rock_interval", 9, 4, 60, "Steps from one rock to the next."),
                  timeLimit(2_000)),
              settings ->
                  limited(
                      new Dodge(settings.intValue("lives"), settings.intValue("rock_interval")),
                      settings)));

  private static Setting timeLimit(long defaultValue) {
    return Setting.integer(
        "max_episode_steps",
        defaultValue,
        0,
        Integer.MAX_VALUE,
        "Steps after which an episode is truncated; 0 for no limit.");
  }

  private static Environment limited(Environment game, Settings settings) {
    long steps = settings.integer("max_episode_steps");
    return steps > 0 ? new TimeLimit(game, steps) : game;
  }

  @Override
  public List<EnvironmentEntry> entries() {
    return ENTRIES;
  }
}
