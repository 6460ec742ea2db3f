package org.umwelt.agents.policies;

import java.util.Arrays;
import java.util.Optional;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.kernels.random.RandomStream;

/** Draws every action from the action space, as Gymnasium's {@code sample} does. */
final class RandomAgent implements Agent {
  private final Space actionSpace;
  private final RandomStream[] random;

  RandomAgent(AgentContext context) {
    actionSpace = context.actionSpace();
    random = new RandomStream[context.rows()];
    for (int row = 0; row < random.length; row++) {
      random[row] = new RandomStream(0);
    }
  }

  @Override
  public void begin(int row, EpisodeStart start) {
    start.restart(random[row]);
  }

  @Override
  public void act(StepBatch steps, Batch actions) {
    for (int row = 0; row < random.length; row++) {
      if (!steps.ended(row)) {
        actionSpace.sample(random[row], actions.row(row));
      }
    }
  }

  @Override
  public Optional<Insight> insight(int row) {
    if (actionSpace instanceof Discrete discrete) {
      double[] probabilities = new double[Math.toIntExact(discrete.n())];
      Arrays.fill(probabilities, 1.0 / probabilities.length);
      return Optional.of(new Insight(Double.NaN, probabilities));
    }
    return Optional.empty();
  }
}
