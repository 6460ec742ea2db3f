package org.umwelt.agents.iris;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.WorldModel;
import org.umwelt.worldmodel.replay.SegmentSampler;
import org.umwelt.worldmodel.replay.Segments;

/** Learns the transformer and its heads: eq. (2) of the paper. */
final class WorldModelLearner extends Learner<WorldModel> {
  private static final int STREAM = 2;

  private final IrisConfig config;
  private final Compute compute;
  private final int tokensPerFrame;
  private final SegmentSampler sampler;
  private final FrameEncodings frames;

  WorldModelLearner(
      IrisConfig config,
      IrisNetworks networks,
      WorkerTeam team,
      SegmentSampler sampler,
      FrameEncodings frames) {
    super(
        "world_model",
        STREAM,
        config,
        config.learningRate(),
        config.weightDecay(),
        networks.world().worldModelParameters(),
        team,
        networks.world().sizes()::worldModel);
    this.config = config;
    this.compute = networks.world().worldModelParameters().compute();
    this.tokensPerFrame = config.tokenizer().tokens();
    this.sampler = sampler;
    this.frames = frames;
  }

  @Override
  Segments draw(RandomStream random) {
    return sampler.sample(
        config.worldModelBatch(),
        config.worldModel().maxBlocks(),
        SegmentSampler.Mode.FROM_START,
        random);
  }

  @Override
  Work<WorldModel> prepare(Segments batch, long update) {
    int length = batch.length();
    Tensor tokens =
        frames
            .tokens(batch.frames())
            .view(batch.count(), length, tokensPerFrame); // padded frames are black, and fed
    WorldModel.LabelCounts counts = WorldModel.labels(batch.mask(), length, tokensPerFrame);
    int perPass = config.rowsPerPass();
    return new Work<>(
        Math.ceilDiv(batch.count(), perPass),
        (model, shard, _) -> {
          int from = shard * perPass;
          int to = Math.min(from + perPass, batch.count());
          Dropout dropout = new Dropout(compute, dropoutKey(update, shard));
          WorldModel.Losses sums =
              losses(
                  model, tokens.narrow(0, from, (long) to - from), batch.rows(from, to), dropout);
          return means(sums, counts);
        });
  }

  /** Returns the losses of segments as sums over labels. */
  WorldModel.Losses losses(
      WorldModel model,
      Tensor tokens,
      Segments rows,
      @org.jspecify.annotations.Nullable Dropout dropout) {
    int size = rows.actions().length;
    long[] actions = new long[size];
    long[] ends = new long[size];
    long[] valid = new long[size];
    float[] rewards = new float[size];
    for (int i = 0; i < size; i++) {
      actions[i] = rows.actions()[i];
      ends[i] = rows.ends()[i] ? 1 : 0;
      valid[i] = rows.mask()[i] ? 1 : 0;
      rewards[i] = config.zeroRewards() ? 0 : rows.rewards()[i];
    }
    long b = rows.count();
    long l = rows.length();
    return model.losses(
        tokens,
        Tensors.of(compute, actions, b, l),
        Tensors.of(compute, rewards, b, l),
        Tensors.of(compute, ends, b, l),
        Tensors.of(compute, valid, b, l),
        dropout);
  }

  /** Divides sums by the labels of the whole batch. */
  static SequencedMap<String, Tensor> means(WorldModel.Losses sums, WorldModel.LabelCounts counts) {
    SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
    terms.put(
        "observations", Tensors.scale(sums.observations(), 1.0 / Math.max(1, counts.tokens())));
    terms.put("rewards", Tensors.scale(sums.rewards(), 1.0 / Math.max(1, counts.steps())));
    terms.put("ends", Tensors.scale(sums.ends(), 1.0 / Math.max(1, counts.steps())));
    return terms;
  }
}
