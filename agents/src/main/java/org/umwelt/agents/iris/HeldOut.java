package org.umwelt.agents.iris;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.Pixels;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.iris.WorldModel;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.SegmentSampler;
import org.umwelt.worldmodel.replay.Segments;

/**
 * The evaluation of a training: episodes of the test environment, what the models make of them, and
 * pictures.
 */
final class HeldOut implements AutoCloseable {
  private static final int STREAM = 5;

  /** Steps kept of an episode; the rest counts for its return only. */
  private static final int KEPT_STEPS = 500;

  private static final int MOST_SEGMENTS = 64;
  private static final int MOST_FRAMES = 256;
  private static final int PICTURES = 10;

  private final IrisConfig config;
  private final IrisNetworks networks;
  private final Compute compute;
  private final WorkerTeam team;
  private final ReconstructionLoss reconstruction;
  private final WorldModelLearner worldModel;
  private final ReplayBuffer episodes;
  private final FrameEncodings frames;

  HeldOut(
      IrisConfig config,
      IrisNetworks networks,
      WorkerTeam team,
      ReconstructionLoss reconstruction,
      WorldModelLearner worldModel) {
    this.config = config;
    this.networks = networks;
    this.compute = networks.actorCriticParameters().compute();
    this.team = team;
    this.reconstruction = reconstruction;
    this.worldModel = worldModel;
    int size = IrisEnvironments.RESOLUTION;
    episodes = new ReplayBuffer(new FrameShape(size, size, 3), 0);
    frames =
        new FrameEncodings(
            episodes,
            networks.world().tokenizer(),
            compute,
            team,
            config.framesPerPass(),
            true,
            MOST_FRAMES);
  }

  /** One episode's steps. */
  private static final class Recording {
    final List<byte[]> observations = new ArrayList<>();
    final List<Integer> actions = new ArrayList<>();
    final List<Float> rewards = new ArrayList<>();
    boolean ended;
    double totalReward;
    int length;
  }

  /** Plays the episodes, and writes returns, losses and pictures to the log. */
  void evaluate(int epoch, EpochLog log) {
    int count = config.schedule().evaluationEpisodes();
    if (count == 0) {
      return;
    }
    Recording[] played = new Recording[count];
    AtomicBoolean stop = new AtomicBoolean();
    int workers = Math.min(team.threads(), count);
    team.run(
        workers,
        worker -> {
          try (Environment environment = IrisEnvironments.make(config.testEnvironment());
              Actor actor = new Actor(networks.world().tokenizer(), networks.actorCritic(), 1)) {
            for (int i = worker; i < count && !stop.get(); i += workers) {
              played[i] = play(environment, actor, (long) epoch * count + i, log, stop);
              if (worker == 0) {
                log.progress("evaluate", i, count);
              }
            }
          }
        });
    if (stop.get()) {
      throw new TrainingStopped();
    }
    episodes.clear();
    frames.clear();
    for (Recording episode : played) {
      for (int t = 0; t < episode.actions.size(); t++) {
        boolean last = t == episode.actions.size() - 1;
        episodes.append(
            episode.observations.get(t),
            episode.actions.get(t),
            episode.rewards.get(t),
            last && episode.ended && episode.length == episode.actions.size());
      }
      episodes.breakOff();
    }
    double[] returns = Arrays.stream(played).mapToDouble(e -> e.totalReward).toArray();
    double mean = Arrays.stream(returns).average().orElseThrow();
    log.scalar("evaluation/return", mean);
    log.scalar(
        "evaluation/return_std",
        Math.sqrt(
            Arrays.stream(returns).map(r -> (r - mean) * (r - mean)).average().orElseThrow()));
    log.scalar(
        "evaluation/length", Arrays.stream(played).mapToInt(e -> e.length).average().orElseThrow());
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      tokenizerLosses(log);
      worldModelLosses(epoch, log);
      pictures(log);
    }
  }

  private Recording play(
      Environment environment, Actor actor, long index, EpochLog log, AtomicBoolean stop) {
    Recording recording = new Recording();
    Step step = Step.allocate(environment);
    Value action = Value.allocate(environment.actionSpace());
    RandomStream random = new RandomStream(config.seed(), (long) STREAM << 56 | index);
    environment.reset(Reset.seeded(random.nextInt() & Integer.MAX_VALUE), step);
    actor.forget(0);
    Sampler sampler = Sampler.temperature(config.schedule().evaluationTemperature());
    while (!step.ended() && !stop.get()) {
      if (log.isStopped()) {
        stop.set(true);
      }
      try (PointerScope _ = new PointerScope()) {
        Tensor frame =
            Pixels.tensor(
                compute,
                1,
                IrisEnvironments.RESOLUTION,
                IrisEnvironments.RESOLUTION,
                memory -> memory.copyFrom(step.observation().tensor()));
        action.setLong(actor.act(frame, sampler, new RandomStream[] {random})[0]);
      }
      byte[] seen = step.observation().tensor().toArray(ValueLayout.JAVA_BYTE);
      environment.step(action, step);
      recording.totalReward += step.reward();
      recording.length++;
      if (recording.length <= KEPT_STEPS) {
        recording.observations.add(seen);
        recording.actions.add((int) action.asLong());
        recording.rewards.add((float) step.reward());
      }
    }
    recording.ended = step.ended();
    return recording;
  }

  private void tokenizerLosses(EpochLog log) {
    RandomStream random = new RandomStream(config.seed(), (long) STREAM << 56 | 1L << 54);
    Segments drawn =
        new SegmentSampler(episodes).sample(MOST_FRAMES, 1, SegmentSampler.Mode.FROM_START, random);
    int perPass = config.framesPerPass();
    int passes = Math.ceilDiv(MOST_FRAMES, perPass);
    Scalars[] terms = new Scalars[passes];
    Set<Long> codes = ConcurrentHashMap.newKeySet();
    team.run(
        passes,
        pass -> {
          terms[pass] = new Scalars();
          try (PointerScope _ = new PointerScope();
              NoGradGuard _ = new NoGradGuard()) {
            int from = pass * perPass;
            int to = Math.min(from + perPass, MOST_FRAMES);
            Tensor pictures = frames.frames(Arrays.copyOfRange(drawn.frames(), from, to));
            Tokenizer.Pass trained = networks.world().tokenizer().train(pictures);
            double share = (double) (to - from) / MOST_FRAMES;
            terms[pass].add("commitment", share * Tensors.number(trained.commitment()));
        for (long code : Tensors.longs(trained.encoding().tokens())) {
          codes.add(code);
        }
            reconstruction
                .terms(pictures, trained.reconstruction(), null)
                .forEach((name, term) -> terms[pass].add(name, share * Tensors.number(term)));
          }
        });
    Scalars all = new Scalars();
    for (Scalars pass : terms) {
      pass.sums().forEach(all::add);
    }
    all.sums().forEach((name, value) -> log.scalar("evaluation/tokenizer/" + name, value));
    log.scalar("evaluation/tokenizer/codes_used", codes.size());
  }

  private void worldModelLosses(int epoch, EpochLog log) {
    Segments all = new SegmentSampler(episodes).traverse(config.worldModel().maxBlocks());
    Segments batch = all.rows(0, Math.min(all.count(), MOST_SEGMENTS));
    losses("evaluation/world_model/", batch, log);
    int[] actions = batch.actions().clone();
    RandomStream random = new RandomStream(config.seed(), (long) STREAM << 56 | 1L << 53 | epoch);
    int[] valid =
        java.util.stream.IntStream.range(0, actions.length).filter(i -> batch.mask()[i]).toArray();
    for (int i = valid.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = actions[valid[i]];
      actions[valid[i]] = actions[valid[j]];
      actions[valid[j]] = swap;
    }
    losses(
        "evaluation/world_model_shuffled_actions/",
        new Segments(
            batch.count(),
            batch.length(),
            batch.frames(),
            actions,
            batch.rewards(),
            batch.ends(),
            batch.mask()),
        log);
  }

  private void losses(String prefix, Segments batch, EpochLog log) {
    Tensor tokens = frames.tokens(batch.frames()).view(batch.count(), batch.length(), -1);
    WorldModel.LabelCounts counts =
        WorldModel.labels(batch.mask(), batch.length(), Math.toIntExact(tokens.size(2)));
    int perPass = config.rowsPerPass();
    int passes = Math.ceilDiv(batch.count(), perPass);
    Scalars[] terms = new Scalars[passes];
    team.run(
        passes,
        pass -> {
          terms[pass] = new Scalars();
          try (PointerScope _ = new PointerScope();
              NoGradGuard _ = new NoGradGuard()) {
            int from = pass * perPass;
            int to = Math.min(from + perPass, batch.count());
            WorldModelLearner.means(
                    worldModel.losses(
                        networks.world().worldModel(),
                        tokens.narrow(0, from, (long) to - from),
                        batch.rows(from, to),
                        null),
                    counts)
                .forEach((name, term) -> terms[pass].add(name, Tensors.number(term)));
          }
        });
    Scalars all = new Scalars();
    for (Scalars pass : terms) {
      pass.sums().forEach(all::add);
    }
    all.sums().forEach((name, value) -> log.scalar(prefix + name, value));
  }

  /**
   * Three rows of pictures: frames, reconstructions, and what is imagined from the first one on.
   */
  private void pictures(EpochLog log) {
    int length = Math.min(PICTURES, config.worldModel().maxBlocks());
    Segments row = new SegmentSampler(episodes).traverse(length).rows(0, 1);
    Tensor tokens = frames.tokens(row.frames());
    List<Tensor> imagined = new ArrayList<>();
    RandomStream[] random = {new RandomStream(config.seed(), (long) STREAM << 56 | 1L << 52)};
    try (Imagination imagination =
        new Imagination(
            networks.world().tokenizer(),
            networks.world().worldModel(),
            Sampler.categorical(),
            random)) {
      imagination.reset(tokens.narrow(0, 0, 1));
      imagined.add(imagination.frames());
      for (int t = 0; t < length - 1; t++) {
        imagination.step(Tensors.of(compute, new long[] {row.actions()[t]}, 1), true);
        imagined.add(imagination.frames());
      }
    }
    Tensor rows =
        Tensors.stack(
            List.of(
                frames.frames(row.frames()),
                frames.reconstructions(row.frames()),
                Tensors.cat(imagined, 0)),
            0); // (3, t, 3, h, w)
    int size = IrisEnvironments.RESOLUTION;
    Tensor sheet = rows.permute(2, 0, 3, 1, 4).reshape(1, 3, 3L * size, (long) length * size);
    log.image(
        "frames, reconstructions, imagined",
        new Frame(length * size, 3 * size, Pixels.bytes(sheet)));
  }

  @Override
  public void close() {
    frames.close();
    episodes.close();
  }
}
