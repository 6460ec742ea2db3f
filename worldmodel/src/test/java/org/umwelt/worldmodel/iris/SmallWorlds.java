package org.umwelt.worldmodel.iris;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** Networks as small as they get with the paper's 16 tokens per frame and 20 steps. */
final class SmallWorlds {
  static final int K = 16;
  static final int VOCABULARY = 32;
  static final int ACTIONS = 5;
  static final int RESOLUTION = 16;
  static final TokenizerConfig TOKENIZER =
      new TokenizerConfig(RESOLUTION, 8, List.of(1, 1, 1), 1, List.of(8), 12, VOCABULARY, 10);
  static final WorldModelConfig MODEL = new WorldModelConfig(20, 2, 2, 32, 0.1);

  private SmallWorlds() {}

  static IrisWorld.Sizes sizes(int maxBlocks) {
    WorldModelConfig model =
        new WorldModelConfig(
            maxBlocks, MODEL.layers(), MODEL.heads(), MODEL.width(), MODEL.dropout());
    return new IrisWorld.Sizes(TOKENIZER, model, ACTIONS);
  }

  /** Returns networks whose outputs differ from token to token, as fresh ones' hardly do. */
  static IrisWorld formula(IrisWorld.Sizes sizes) {
    IrisWorld world = new IrisWorld(Compute.CPU, sizes, 0);
    FormulaWeights formula = new FormulaWeights("small");
    formula.fill(world.tokenizerParameters());
    formula.fill(world.worldModelParameters());
    return world;
  }

  /** Returns random frames, [n, 3, h, w] in [0, 1]. */
  static Tensor frames(long seed, int n, int resolution) {
    RandomStream random = new RandomStream(seed);
    float[] pixels = new float[n * 3 * resolution * resolution];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return Tensors.of(Compute.CPU, pixels, n, 3, resolution, resolution);
  }

  /** Returns random numbers below a bound. */
  static long[] numbers(long seed, int count, int bound) {
    RandomStream random = new RandomStream(seed);
    long[] all = new long[count];
    for (int i = 0; i < count; i++) {
      all[i] = random.nextInt(bound);
    }
    return all;
  }

  /** Returns whole blocks, K frame tokens and an action each: int64 [b, blocks (K + 1)]. */
  static Tensor sequence(long seed, int b, int blocks, int vocabulary, int actions) {
    long[] all = numbers(seed, b * blocks * (K + 1), vocabulary);
    for (int i = K; i < all.length; i += K + 1) {
      all[i] %= actions;
    }
    return Tensors.of(Compute.CPU, all, b, (long) blocks * (K + 1));
  }
}
