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

  /** Checks that the levels fit the resolution and the groups the channels. */
  public TokenizerConfig {
    multipliers = List.copyOf(multipliers);
    attentionResolutions = List.copyOf(attentionResolutions);
    if (multipliers.isEmpty() || resolution % (1 << (multipliers.size() - 1)) != 0) {
      throw new BadRequestException(
          "tokenizer: expected a resolution that %d levels can halve, got %d"
              .formatted(multipliers.size(), resolution));
    }
    int groups = Math.min(MOST_GROUPS, channels);
    if (channels % groups != 0) {
      throw new BadRequestException(
          "tokenizer: expected channels to be at most %d or a multiple of it, got %d"
              .formatted(MOST_GROUPS, channels));
    }
  }

  /** Returns the sizes of the paper (Table 2 of arXiv 2209.00588). */
  public static TokenizerConfig paper() {
    return new TokenizerConfig(64, 64, List.of(1, 1, 1, 1, 1), 2, List.of(16, 8), 512, 512, 512);
  }

  /** Returns the groups of a group normalisation over this many channels. */
  int groups(int channels) {
    return Math.min(MOST_GROUPS, channels);
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
