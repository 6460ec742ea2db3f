package org.umwelt.agents.iris;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.agents.Agent;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.worldmodel.iris.Pixels;

/** A trained policy: encodes and decodes each frame, remembers, and draws an action. */
final class IrisAgent implements Agent {
  private final Compute compute;
  private final int resolution;
  private final Actor actor;
  private final double temperature;
  private final Sampler sampler;
  private final RandomStream[] random;
  private final Runnable afterClose;
  private boolean closed;

  /**
   * Creates an agent for n rows.
   *
   * @param networks shared with other agents
   * @param temperature of the distribution actions are drawn from
   * @param afterClose called once, after the agent no longer uses the networks
   */
  IrisAgent(IrisNetworks networks, double temperature, int rows, Runnable afterClose) {
    this.compute = networks.actorCriticParameters().compute();
    this.resolution = networks.world().sizes().tokenizer().resolution();
    this.actor = new Actor(networks.world().tokenizer(), networks.actorCritic(), rows);
    this.temperature = temperature;
    this.sampler = Sampler.temperature(temperature);
    this.random = new RandomStream[rows];
    Arrays.setAll(random, _ -> new RandomStream(0));
    this.afterClose = afterClose;
  }

  @Override
  public void begin(int row, EpisodeStart start) {
    actor.forget(row);
    start.restart(random[row]);
  }

  @Override
  public void act(StepBatch steps, Batch actions) {
    long[] chosen;
    try (PointerScope _ = new PointerScope()) {
      Tensor frames = // (n, 3, h, w)
          Pixels.tensor(
              compute,
              random.length,
              resolution,
              resolution,
              memory -> memory.copyFrom(steps.observations().leaf(0)));
      chosen = actor.act(frames, sampler, random);
    }
    for (int row = 0; row < chosen.length; row++) {
      if (!steps.ended(row)) {
        actions.row(row).setLong(chosen[row]);
      }
    }
  }

  @Override
  public Optional<Insight> insight(int row) {
    return actor.insight(row, temperature);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      actor.close();
      afterClose.run();
    }
  }
}
