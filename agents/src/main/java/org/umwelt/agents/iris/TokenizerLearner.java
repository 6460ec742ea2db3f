package org.umwelt.agents.iris;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.Tokenizer;
import org.umwelt.worldmodel.replay.SegmentSampler;
import org.umwelt.worldmodel.replay.Segments;

/** Learns the tokenizer: eq. (1) of the paper. */
final class TokenizerLearner extends Learner<Tokenizer> {
  private static final int STREAM = 1;
  private static final int REVIVAL = (1 << 20) - 2;
  private static final int REVIVAL_FRAMES = 256;

  private final IrisConfig config;
  private final IrisNetworks networks;
  private final SegmentSampler sampler;
  private final FrameEncodings frames;
  private final ReconstructionLoss reconstruction;
  private final CodeRevival revival;

  TokenizerLearner(
      IrisConfig config,
      IrisNetworks networks,
      WorkerTeam team,
      SegmentSampler sampler,
      FrameEncodings frames,
      ReconstructionLoss reconstruction) {
    super(
        "tokenizer",
        STREAM,
        config,
        config.tokenizerLearningRate(),
        0,
        networks.world().tokenizerParameters(),
        team,
        networks.world().sizes()::tokenizer);
    this.config = config;
    this.networks = networks;
    this.sampler = sampler;
    this.frames = frames;
    this.reconstruction = reconstruction;
    this.revival = new CodeRevival(networks.world().tokenizer(), frames, config.framesPerPass());
  }

  @Override
  Segments draw(RandomStream random) {
    return sampler.sample(config.tokenizerBatch(), 1, SegmentSampler.Mode.FROM_START, random);
  }

  @Override
  Work<Tokenizer> prepare(Segments batch, long update) {
    if (config.reviveEvery() > 0 && update % config.reviveEvery() == 0) {
      RandomStream random = random(update, REVIVAL);
      revival.revive(
          sampler.sample(REVIVAL_FRAMES, 1, SegmentSampler.Mode.FROM_START, random).frames(),
          random);
    }
    long[] numbers = batch.frames();
    int perPass = config.framesPerPass();
    return new Work<>(
        Math.ceilDiv(numbers.length, perPass),
        (model, shard, notes) -> {
          int from = shard * perPass;
          int to = Math.min(from + perPass, numbers.length);
          Tensor pictures = frames.frames(Arrays.copyOfRange(numbers, from, to));
          Tokenizer.Pass pass = model.train(pictures);
          double share = (double) (to - from) / numbers.length;
          Dropout dropout =
              new Dropout(
                  networks.world().tokenizerParameters().compute(), dropoutKey(update, shard));
          SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
          reconstruction
              .terms(pictures, pass.reconstruction(), dropout)
              .forEach((name, term) -> terms.put(name, Tensors.scale(term, share)));
          terms.put("codebook", Tensors.scale(pass.codebook(), share));
          terms.put("commitment", Tensors.scale(pass.commitment(), share * config.commitment()));
          return terms;
        });
  }
}
