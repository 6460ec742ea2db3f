package org.umwelt.agents.iris;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.ReferenceProcess.Cost;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.SegmentSampler;

/**
 * What {@link IrisBenchmark} measures of ours: fresh networks learning from random frames.
 *
 * <p>Episodes are long compared with segments, so that few steps of a batch are padding and few
 * frames stand in it twice: the reference's batches have none of either.
 */
final class IrisWorkload implements AutoCloseable {
  private static final int ENDED_EPISODES = 8;
  private static final int EPISODE_STEPS = 240;
  private static final int UNFINISHED_STEPS = 120;

  /** Steps before and behind the middle of the horizon that are measured with it. */
  private static final int AROUND = 2;

  private final IrisConfig config;
  private final Compute compute;
  private final WorkerTeam team;
  private final IrisNetworks networks;
  private final ReplayBuffer replay;
  private final FrameEncodings frames;
  private final TokenizerLearner tokenizer;
  private final WorldModelLearner worldModel;
  private final ActorCriticLearner actorCritic;
  private final SequencedMap<String, List<Work>> groups = new LinkedHashMap<>();

  IrisWorkload(IrisConfig config, int actions) {
    this.config = config;
    compute = Compute.of(config.compute());
    team = new WorkerTeam(config.threads());
    networks = new IrisNetworks(compute, config.sizes(actions), config.hidden(), config.seed());
    int size = IrisEnvironments.RESOLUTION;
    replay = new ReplayBuffer(new FrameShape(size, size, 3), 0);
    fill(actions);
    frames =
        new FrameEncodings(
            replay,
            networks.world().tokenizer(),
            compute,
            team,
            config.framesPerPass(),
            true,
            config.cachedReconstructions());
    SegmentSampler sampler = new SegmentSampler(replay);
    tokenizer =
        new TokenizerLearner(config, networks, team, sampler, frames, ReconstructionLoss.delta());
    worldModel = new WorldModelLearner(config, networks, team, sampler, frames);
    actorCritic = new ActorCriticLearner(config, networks, team, sampler, frames);
    String rows = "%d x %d".formatted(config.worldModelBatch(), config.worldModel().maxBlocks());
    String rollouts =
        "%d x (%d + %d)".formatted(config.actorCriticBatch(), config.burnIn(), config.horizon());
    groups.put(
        "tokenizer",
        List.of(cold("tokenizer, %d frames".formatted(config.tokenizerBatch()), 1.0, tokenizer)));
    groups.put(
        "world_model",
        List.of(
            warm("world model, %s steps, warm".formatted(rows), 1.0, worldModel),
            cold("world model, %s steps, cold".formatted(rows), null, worldModel)));
    groups.put("imagined_step", List.of(imaginedStep(actions)));
    groups.put(
        "actor_critic",
        List.of(
            warm("actor-critic, %s steps, warm".formatted(rollouts), 0.4, actorCritic),
            cold("actor-critic, %s steps, cold".formatted(rollouts), null, actorCritic)));
  }

  private void fill(int actions) {
    RandomStream random = new RandomStream(config.seed());
    byte[] frame = new byte[replay.shape().bytes()];
    for (int episode = 0; episode <= ENDED_EPISODES; episode++) {
      boolean ends = episode < ENDED_EPISODES;
      int steps = ends ? EPISODE_STEPS : UNFINISHED_STEPS;
      for (int step = 0; step < steps; step++) {
        random.nextBytes(frame);
        replay.append(
            frame, random.nextInt(actions), random.nextInt(3) - 1, ends && step == steps - 1);
      }
    }
  }

  /**
   * One thing to measure.
   *
   * @param name what it is
   * @param goal of the ratio to the reference; null where none is set
   * @param prepare what comes before and does not count
   * @param run does it
   * @param repetitions how often {@code run} does it
   */
  record Work(String name, @Nullable Double goal, Runnable prepare, Runnable run, int repetitions) {
    /** Does it, and returns what once took. */
    Cost measure() {
      prepare.run();
      double cpu = CpuClock.seconds();
      long wall = System.nanoTime();
      run.run();
      return new Cost(
          (CpuClock.seconds() - cpu) / repetitions,
          (System.nanoTime() - wall) * 1e-9 / repetitions);
    }
  }

  /** Returns what is measured against each update of the reference, by the reference's name. */
  SequencedMap<String, List<Work>> groups() {
    return groups;
  }

  /** An update that has to encode and decode its frames. */
  private Work cold(String name, @Nullable Double goal, Learner<?> learner) {
    return new Work(name, goal, frames::clear, () -> update(learner), 1);
  }

  /** An update that finds tokens and reconstructions of its frames. */
  private Work warm(String name, @Nullable Double goal, Learner<?> learner) {
    return new Work(
        name,
        goal,
        () -> {
          frames.clear();
          try (PointerScope _ = new PointerScope()) {
            learner.prepare(learner.next(), learner.optimiser().steps());
          }
        },
        () -> update(learner),
        1);
  }

  private static void update(Learner<?> learner) {
    learner.update(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Steps around the middle of the horizon, rows split over the workers as in an update. */
  private Work imaginedStep(int actions) {
    int rows = config.actorCriticBatch();
    int perShard = Math.ceilDiv(rows, config.threads());
    Imagination[] imaginations = new Imagination[Math.ceilDiv(rows, perShard)];
    long[][] chosen = new long[imaginations.length][];
    for (int shard = 0; shard < chosen.length; shard++) {
      int from = shard * perShard;
      chosen[shard] = new long[Math.min(perShard, rows - from)];
      Arrays.setAll(chosen[shard], row -> (from + row) % actions);
    }
    return new Work(
        "imagined step, %d rows".formatted(rows),
        0.6,
        () ->
            team.run(
                imaginations.length,
                shard -> {
                  imaginations[shard] = imagination(chosen[shard].length);
                  step(imaginations[shard], chosen[shard], config.horizon() / 2 - AROUND);
                }),
        () ->
            team.run(
                imaginations.length,
                shard -> {
                  try (Imagination imagination = imaginations[shard]) {
                    step(imagination, chosen[shard], 2 * AROUND + 1);
                  }
                }),
        2 * AROUND + 1);
  }

  private Imagination imagination(int rows) {
    RandomStream[] random = new RandomStream[rows];
    Arrays.setAll(random, row -> new RandomStream(config.seed(), row));
    Imagination imagination =
        new Imagination(
            networks.world().tokenizer(),
            networks.world().worldModel(),
            Sampler.categorical(),
            random);
    int tokens = config.tokenizer().tokens();
    try (PointerScope _ = new PointerScope()) {
      imagination.reset(Tensors.of(compute, new long[rows * tokens], rows, tokens));
    }
    return imagination;
  }

  private void step(Imagination imagination, long[] actions, int steps) {
    for (int i = 0; i < steps; i++) {
      try (PointerScope _ = new PointerScope()) {
        imagination.step(Tensors.of(compute, actions, actions.length), true);
        imagination.frames();
      }
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    worldModel.close();
    actorCritic.close();
    frames.close();
    networks.close();
    replay.close();
    team.close();
  }
}
