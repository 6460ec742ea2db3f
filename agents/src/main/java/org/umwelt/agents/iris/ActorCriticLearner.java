package org.umwelt.agents.iris;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.replay.SegmentSampler;
import org.umwelt.worldmodel.replay.Segments;

/** Learns policy and value in imagination: section 2.3 and appendix A.3 of the paper. */
final class ActorCriticLearner extends Learner<ActorCritic> {
  private static final int STREAM = 3;

  private final IrisConfig config;
  private final IrisWorld world;
  private final int workers;
  private final SegmentSampler sampler;
  private final FrameEncodings frames;

  ActorCriticLearner(
      IrisConfig config,
      IrisNetworks networks,
      WorkerTeam team,
      SegmentSampler sampler,
      FrameEncodings frames) {
    super(
        "actor_critic",
        STREAM,
        config,
        config.learningRate(),
        0,
        networks.actorCriticParameters(),
        team,
        networks::actorCritic);
    this.config = config;
    this.world = networks.world();
    this.workers = team.threads();
    this.sampler = sampler;
    this.frames = frames;
  }

  @Override
  Segments draw(RandomStream random) {
    return sampler.sample(
        config.actorCriticBatch(), config.burnIn() + 1, SegmentSampler.Mode.TO_END, random);
  }

  @Override
  Work<ActorCritic> prepare(Segments batch, long update) {
    int rows = batch.count();
    int seen = config.burnIn();
    Tensor reconstructions = seen == 0 ? null : reconstructions(batch);
    Tensor start = frames.tokens(columns(batch, seen, seen + 1)); // (b, K)
    int perShard = Math.ceilDiv(rows, workers);
    return new Work<>(
        Math.ceilDiv(rows, perShard),
        (model, shard, notes) -> {
          int from = shard * perShard;
          int to = Math.min(from + perShard, rows);
          RandomStream[] random = new RandomStream[to - from];
          Arrays.setAll(random, row -> random(update, from + row));
          LstmCell.State state =
              reconstructions == null
                  ? model.start(random.length)
                  : model.burnIn(
                      reconstructions.narrow(0, from, random.length),
                      burnInMask(batch.rows(from, to)));
          try (Imagination imagination =
              new Imagination(
                  world.tokenizer(), world.worldModel(), Sampler.categorical(), random)) {
            imagination.reset(start.narrow(0, from, random.length));
            ImaginedRollout rollout =
                ImaginedRollout.play(
                    model, state, imagination, config.horizon(), Sampler.categorical(), random);
            double share = (double) random.length / rows;
            note(rollout, share, notes);
            SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
            rollout
                .losses(config.gamma(), config.lambda(), config.entropyWeight())
                .forEach((name, term) -> terms.put(name, Tensors.scale(term, share)));
            return terms;
          }
        });
  }

  private Tensor reconstructions(Segments batch) {
    Tensor flat = frames.reconstructions(columns(batch, 0, config.burnIn()));
    return flat.view(batch.count(), config.burnIn(), flat.size(1), flat.size(2), flat.size(3));
  }

  /** Returns the frame numbers of some columns, row-major. */
  private static long[] columns(Segments batch, int from, int to) {
    long[] numbers = new long[batch.count() * (to - from)];
    for (int row = 0; row < batch.count(); row++) {
      System.arraycopy(
          batch.frames(), row * batch.length() + from, numbers, row * (to - from), to - from);
    }
    return numbers;
  }

  private boolean[] burnInMask(Segments rows) {
    int seen = config.burnIn();
    boolean[] mask = new boolean[rows.count() * seen];
    for (int row = 0; row < rows.count(); row++) {
      System.arraycopy(rows.mask(), row * rows.length(), mask, row * seen, seen);
    }
    return mask;
  }

  private static void note(ImaginedRollout rollout, double share, Scalars notes) {
    double rewards = 0;
    double ends = 0;
    for (int row = 0; row < rollout.rewards().length; row++) {
      rewards += Arrays.stream(rollout.rewards()[row]).sum();
      for (boolean end : rollout.ends()[row]) {
        ends += end ? 1 : 0;
      }
    }
    notes.add("imagined_return", share * rewards / rollout.rewards().length);
    notes.add("imagined_ends", share * ends / rollout.ends().length);
    notes.add("imagined_value", share * Tensors.number(rollout.values().mean()));
  }
}
