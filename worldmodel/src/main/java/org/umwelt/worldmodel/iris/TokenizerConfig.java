package org.umwelt.worldmodel.iris;

import java.util.List;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Sizes of the tokenizer; {@link #paper} has the paper's.
 *
 * @param resolution height and width of a frame in pixels
 * @param channels base number of channels
 * @param multipliers channels of each level over the base; each level but the last halves the
 *     resolution
 * @param residualBlocks blocks per encoder level; the decoder has one more
 * @param attentionResolutions resolutions with self-attention
 * @param latentChannels channels between encoder and quantiser, and between quantiser and decoder
 * @param vocabulary codes in the codebook (V)
 * @param codeSize numbers in a code (E)
 */
public record TokenizerConfig(
    int resolution,
    int channels,
    List<Integer> multipliers,
    int residualBlocks,
    List<Integer> attentionResolutions,
    int latentChannels,
    int vocabulary,
    int codeSize) {

  private static final int MOST_GROUPS = 32;

  /** Checks that the levels fit the resolution and the groups the channels of every level. */
  public TokenizerConfig {
    multipliers = List.copyOf(multipliers);
    attentionResolutions = List.copyOf(attentionResolutions);
    if (multipliers.isEmpty() || resolution % (1 << (multipliers.size() - 1)) != 0) {
      throw new BadRequestException(
          "tokenizer: expected a resolution that %d levels can halve, got %d"
              .formatted(multipliers.size(), resolution));
    }
    for (int multiplier : multipliers) {
      if (multiplier < 1) {
        throw new BadRequestException(
            "tokenizer: expected multipliers of at least 1, got " + multipliers);
      }
      int width = channels * multiplier;
      if (width % groups(width) != 0) {
        throw new BadRequestException(
            "tokenizer: expected channels times each multiplier to be a multiple of 4 below 32 or a multiple of 32, got %d x %d"
                .formatted(channels, multiplier));
      }
    }
  }

  /** Returns the sizes of the paper (Table 2 of arXiv 2209.00588). */
  public static TokenizerConfig paper() {
    return new TokenizerConfig(64, 64, List.of(1, 1, 1, 1, 1), 2, List.of(16, 8), 512, 512, 512);
  }

  /**
   * Returns the groups of a group normalisation over this many channels: 32, or, below 32 channels,
   * groups of four.
   */
  int groups(int channels) {
    return channels >= MOST_GROUPS ? MOST_GROUPS : Math.max(1, channels / 4);
  }

  /** Returns height and width of the map of tokens. */
  public int grid() {
    return resolution >> (multipliers.size() - 1);
  }

  /** Returns K, the tokens of a frame. */
  public int tokens() {
    return grid() * grid();
  }
}
