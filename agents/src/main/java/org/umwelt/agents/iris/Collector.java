package org.umwelt.agents.iris;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Pixels;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.ReplayEpisode;
import org.umwelt.worldmodel.replay.Segments;

/** Collects experience in one environment, which goes on from epoch to epoch. */
final class Collector implements AutoCloseable {
  private static final int STREAM = 4;

  private final IrisConfig config;
  private final IrisNetworks networks;
  private final Compute compute;
  private final ReplayBuffer replay;
  private final FrameEncodings frames;
  private final Environment environment;
  private final Step step;
  private final Value action;
  private final Actor actor;
  private boolean started;
  private double episodeReturn;

  Collector(IrisConfig config, IrisNetworks networks, ReplayBuffer replay, FrameEncodings frames) {
    this.config = config;
    this.networks = networks;
    this.compute = networks.actorCriticParameters().compute();
    this.replay = replay;
    this.frames = frames;
    environment = IrisEnvironments.make(config.environment());
    step = Step.allocate(environment);
    action = Value.allocate(environment.actionSpace());
    actor = new Actor(networks.world().tokenizer(), networks.actorCritic(), 1);
  }

  /**
   * Takes steps and appends them to the replay.
   *
   * @return the returns of the episodes that ended
   */
  List<Double> collect(int steps, EpochLog log) {
    if (!started) {
      environment.reset(Reset.seeded(config.seed()), step);
      started = true;
    }
    rebuildMemory();
    Sampler sampler = Sampler.temperature(config.schedule().temperature());
    List<Double> returns = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      if (log.isStopped()) {
        throw new TrainingStopped();
      }
      log.progress("collect", i, steps);
      RandomStream random =
          new RandomStream(config.seed(), (long) STREAM << 56 | replay.endFrame());
      action.setLong(choose(sampler, random));
      MemorySegment seen = step.observation().tensor();
      byte[] observation = seen.toArray(ValueLayout.JAVA_BYTE);
      environment.step(action, step);
      episodeReturn += step.reward();
      replay.append(observation, (int) action.asLong(), (float) step.reward(), step.ended());
      if (step.ended()) {
        returns.add(episodeReturn);
        episodeReturn = 0;
        environment.reset(Reset.unseeded(), step);
        actor.forget(0);
      }
    }
    return returns;
  }

  private long choose(Sampler sampler, RandomStream random) {
    long chosen;
    try (PointerScope _ = new PointerScope()) {
      Tensor frame =
          Pixels.tensor(
              compute,
              1,
              IrisEnvironments.RESOLUTION,
              IrisEnvironments.RESOLUTION,
              memory -> memory.copyFrom(step.observation().tensor()));
      chosen = actor.act(frame, sampler, new RandomStream[] {random})[0];
    }
    return random.nextDouble() < config.schedule().epsilon()
        ? random.nextInt(networks.world().sizes().actions())
        : chosen;
  }

  /** Remembers the last steps of the running episode, as the networks of this epoch see them. */
  private void rebuildMemory() {
    actor.forget(0);
    ReplayEpisode running = replay.unfinished();
    if (running == null || config.burnIn() == 0) {
      return;
    }
    Segments last = running.segment(running.length() - config.burnIn(), running.length());
    try (PointerScope _ = new PointerScope()) {
      Tensor seen = frames.reconstructions(last.frames()); // (burnIn, 3, h, w)
      actor.remember(networks.actorCritic().burnIn(seen.unsqueeze(0), last.mask()));
    }
  }

  /** Writes where the environment stands. */
  void writeState(DataOutput out) throws IOException {
    out.writeBoolean(started);
    boolean exact = started && environment.hasState();
    out.writeBoolean(exact);
    if (exact) {
      out.writeDouble(episodeReturn);
      step.observation().write(out);
      environment.writeState(out);
    }
  }

  /**
   * Goes on where {@link #writeState} was called. An environment that cannot save its state starts
   * a new episode, and the running one is left unfinished in the replay.
   *
   * @return whether the run goes on exactly
   */
  boolean readState(DataInput in) throws IOException {
    started = in.readBoolean();
    boolean exact = in.readBoolean();
    if (exact) {
      episodeReturn = in.readDouble();
      step.observation().read(in);
      // A state is restored into an environment that runs.
      environment.reset(Reset.seeded(config.seed()), Step.allocate(environment));
      environment.readState(in);
    } else if (started) {
      replay.breakOff();
      environment.reset(
          Reset.seeded(RandomStream.deriveSeed(config.seed(), replay.endFrame())), step);
      episodeReturn = 0;
    }
    return exact || !started;
  }

  @Override
  public void close() {
    actor.close();
    environment.close();
  }
}
