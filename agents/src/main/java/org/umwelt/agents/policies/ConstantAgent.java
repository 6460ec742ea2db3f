package org.umwelt.agents.policies;

import org.umwelt.agents.Agent;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Value;

/** Takes one action for ever. */
final class ConstantAgent implements Agent {
  private final Value action;

  ConstantAgent(Value action) {
    this.action = action;
  }

  @Override
  public void begin(int row, EpisodeStart start) {}

  @Override
  public void act(StepBatch steps, Batch actions) {
    for (int row = 0; row < actions.size(); row++) {
      actions.row(row).copyFrom(action);
    }
  }
}
