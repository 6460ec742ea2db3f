package org.umwelt.worldmodel.language;

import org.umwelt.kernels.settings.BadRequestException;

/**
 * Sizes of a language model and what it attends with.
 *
 * @param vocabulary how many different tokens there are (V)
 * @param length longest sequence in tokens (T)
 * @param layers how many blocks
 * @param heads attention heads per layer
 * @param width size of a token's vector (D)
 * @param attention of every layer
 * @param buckets of hashed attention (nb); even
 * @param drop share of queries and of keys that dropping attention drops, from 0 to 1
 * @param checkpointing whether blocks are computed again in the backward pass instead of kept
 */
public record LanguageModelConfig(
    int vocabulary,
    int length,
    int layers,
    int heads,
    int width,
    AttentionMethod attention,
    int buckets,
    double drop,
    boolean checkpointing) {
  private static final double PAPER_INIT_STD = 0.02;
  private static final double PAPER_WIDTH = 768;

  /** Checks what cannot be checked field by field. */
  public LanguageModelConfig {
    if (heads < 1 || width % heads != 0) {
      throw new BadRequestException(
          "expected heads that divide width %d, got %d".formatted(width, heads));
    }
    if (attention == AttentionMethod.HASH && (buckets < 2 || buckets % 2 != 0)) {
      throw new BadRequestException(
          "expected an even number of buckets of at least 2, got %d; for one bucket take attention=dense"
              .formatted(buckets));
    }
  }

  /**
   * Returns the standard deviation of fresh weights: the paper's 0.02 at its width of 768, and at
   * others what makes sums over the width as large as there. With 0.02 everywhere narrow models
   * start out so close to nothing that they hardly learn what to attend to.
   */
  double initStd() {
    return PAPER_INIT_STD * Math.sqrt(PAPER_WIDTH / width);
  }
}
