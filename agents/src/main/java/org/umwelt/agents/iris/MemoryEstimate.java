package org.umwelt.agents.iris;

import org.umwelt.worldmodel.iris.TokenizerConfig;
import org.umwelt.worldmodel.iris.WorldModelConfig;

/**
 * How much memory a training will need, from its sizes: what is kept, and what one update of the
 * largest component needs at once.
 */
final class MemoryEstimate {
  private static final double GIGABYTE = 1e9;

  /** Values, gradients (one per worker and the sum) and two moments. */
  private static final int COPIES_WITHOUT_WORKERS = 4;

  /** The JVM, LibTorch and its libraries. */
  private static final long PROGRAM = 700_000_000;

  /** Tensors of base width recorded per residual block. */
  private static final int TENSORS_PER_BLOCK = 7;

  private final IrisConfig config;
  private final long parameters;

  MemoryEstimate(IrisConfig config, long tokenizer, long worldModel, long actorCritic) {
    this.config = config;
    this.parameters = tokenizer + worldModel + actorCritic;
  }

  /** Returns bytes of weights, gradients and moments. */
  long weights() {
    return parameters * Float.BYTES * (COPIES_WITHOUT_WORKERS + config.threads());
  }

  /** Returns bytes of the replay when all is collected. */
  long replay() {
    IrisConfig.Schedule schedule = config.schedule();
    long epochs = Math.min(schedule.epochs(), schedule.collectUntil());
    long steps = schedule.collectFirst() + (epochs - 1) * schedule.collectSteps();
    return steps * IrisEnvironments.RESOLUTION * IrisEnvironments.RESOLUTION * 3;
  }

  /** Returns bytes of the reconstructions kept. */
  long reconstructions() {
    if (!config.caching()) {
      return 0;
    }
    long frames = replay() / (IrisEnvironments.RESOLUTION * IrisEnvironments.RESOLUTION * 3L);
    return Math.min(frames, config.cachedReconstructions())
        * IrisEnvironments.RESOLUTION
        * IrisEnvironments.RESOLUTION
        * 3L
        * Float.BYTES;
  }

  /** Returns bytes all workers record at once in the update that records most. */
  long activations() {
    return config.threads() * Math.max(tokenizerPass(), Math.max(transformerPass(), rollout()));
  }

  private long tokenizerPass() {
    TokenizerConfig sizes = config.tokenizer();
    long perFrame = 0;
    for (int level = 0; level < sizes.multipliers().size(); level++) {
      long side = sizes.resolution() >> level;
      long blocks = 2L * sizes.residualBlocks() + 1;
      perFrame +=
          side
              * side
              * sizes.channels()
              * sizes.multipliers().get(level)
              * (blocks * TENSORS_PER_BLOCK + 4);
    }
    return perFrame * Float.BYTES * config.framesPerPass();
  }

  private long transformerPass() {
    WorldModelConfig sizes = config.worldModel();
    long tokens = (long) sizes.maxBlocks() * (config.tokenizer().tokens() + 1);
    long perLayer = tokens * sizes.width() * 24 + 4L * sizes.heads() * tokens * tokens;
    long logits = 3 * tokens * config.tokenizer().vocabulary();
    return (perLayer * sizes.layers() + logits) * Float.BYTES * config.rowsPerPass();
  }

  private long rollout() {
    WorldModelConfig sizes = config.worldModel();
    long rows = Math.ceilDiv(config.actorCriticBatch(), config.threads());
    long tokens = (long) sizes.maxBlocks() * (config.tokenizer().tokens() + 1);
    long cache = 2L * sizes.layers() * sizes.width() * tokens;
    long pixels = (long) IrisEnvironments.RESOLUTION * IrisEnvironments.RESOLUTION;
    long policy = config.horizon() * pixels * (3 + 3 + 32 + 8 + 8 + 8);
    long burnIn = config.burnIn() * pixels * 3;
    return rows * (cache + policy + 2 * burnIn) * Float.BYTES;
  }

  /** Returns the whole. */
  long total() {
    return PROGRAM + weights() + replay() + reconstructions() + activations();
  }

  /** Returns one line for people. */
  String line() {
    return "memory: about %.1f GB (weights and moments %.1f, replay %.1f, reconstructions kept %.1f, an update %.1f); smaller: frames_per_pass, rows_per_pass, cache_reconstructions"
        .formatted(
            total() / GIGABYTE,
            weights() / GIGABYTE,
            replay() / GIGABYTE,
            reconstructions() / GIGABYTE,
            activations() / GIGABYTE);
  }
}
