package org.umwelt.worldmodel.iris;

import org.umwelt.kernels.settings.BadRequestException;

/**
 * Sizes of the transformer; {@link #paper} has the paper's.
 *
 * @param maxBlocks time steps it can look at (L)
 * @param layers how many (M)
 * @param heads attention heads per layer
 * @param width size of a token's vector (D)
 * @param dropout probability after embedding, attention and MLP
 */
public record WorldModelConfig(int maxBlocks, int layers, int heads, int width, double dropout) {

  /** Checks that the heads divide the width. */
  public WorldModelConfig {
    if (heads < 1 || width % heads != 0) {
      throw new BadRequestException(
          "world model: expected heads that divide width %d, got %d".formatted(width, heads));
    }
  }

  /** Returns the sizes of the paper (Table 4 of arXiv 2209.00588). */
  public static WorldModelConfig paper() {
    return new WorldModelConfig(20, 10, 4, 256, 0.1);
  }
}
