package org.umwelt.agents.policies;

import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Value;

/** Brings the left end of the basket under the ball, or as near as it gets. */
final class GridCatchScript implements Script {
  private static final double CELL = 8; // pixels

  private final int ballColumn;
  private final int basketColumn;

  GridCatchScript(Dict infos) {
    ballColumn = infos.firstLeaf("ball_column");
    basketColumn = infos.firstLeaf("basket_column");
  }

  @Override
  public long act(Value info, long step) {
    return CatchScript.toward(CELL * (info.scalar(ballColumn) - info.scalar(basketColumn)));
  }
}
