package org.umwelt.viewer.live;

import java.util.List;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.keys.HeldKeys;

/** Does in every row what the player's keys say. */
final class KeyboardAgent implements Agent {
  /** The name by which the room offers it. */
  static final String NAME = "keyboard";

  private final HeldKeys keys;
  private final List<String> meanings;
  private final Discrete actionSpace;

  KeyboardAgent(HeldKeys keys, AgentContext context, List<String> meanings) {
    if (!(context.actionSpace() instanceof Discrete discrete)) {
      throw new BadRequestException(
          "keys choose among numbered actions; %s takes %s: choose an agent"
              .formatted(context.environment(), context.actionSpace()));
    }
    this.keys = keys;
    this.meanings = meanings;
    this.actionSpace = discrete;
  }

  @Override
  public void begin(int row, EpisodeStart start) {}

  @Override
  public void act(StepBatch steps, Batch actions) {
    long action = actionSpace.start() + keys.action(meanings, actionSpace.n());
    for (int row = 0; row < steps.size(); row++) {
      actions.row(row).setLong(action);
    }
  }
}
