package org.umwelt.worldmodel.iris;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.tensor.Tensors;

/** How far a reconstruction is from its frame: what the tokenizer learns from. */
public interface ReconstructionLoss {
  /** Returns which it is, for reports. */
  String description();

  /**
   * Returns the terms by name, each a mean over the frames and weighted already; their sum is the
   * loss.
   *
   * @param frames [b, 3, h, w] in [0, 1]
   * @param reconstructions the same shape, not limited
   * @param dropout for losses that drop; null for none
   */
  SequencedMap<String, Tensor> terms(
      Tensor frames, Tensor reconstructions, @Nullable Dropout dropout);

  /**
   * Returns the loss of Delta-IRIS, which needs no pretrained network: 0.1 mean |d| + mean d^2 +
   * 0.01 mean over frames of max d^2, d the difference in [0, 1]. The last term keeps small fast
   * objects.
   */
  static ReconstructionLoss delta() {
    return of(
        "Delta-IRIS reconstruction loss (arXiv 2406.19320; no perceptual network)",
        (frames, reconstructions, _) -> {
          Tensor difference = frames.sub(reconstructions);
          Tensor squared = difference.square();
          SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
          terms.put("l1", Tensors.scale(difference.abs().mean(), 0.1));
          terms.put("l2", squared.mean());
          terms.put(
              "worst_pixel",
              Tensors.scale(squared.flatten(1, 3).amax(new long[] {1}, false).mean(), 0.01));
          return terms;
        });
  }

  /** Returns the mean absolute difference in [-1, 1] alone. */
  static ReconstructionLoss l1() {
    return of(
        "L1 (no perceptual network)",
        (frames, reconstructions, _) -> {
          SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
          terms.put("l1", absolute(frames, reconstructions));
          return terms;
        });
  }

  /**
   * Returns the loss of the paper: L1 in [-1, 1] plus LPIPS.
   *
   * @param withDropout whether LPIPS drops channels, as it does in the reference while it trains
   */
  static ReconstructionLoss perceptual(Lpips lpips, boolean withDropout) {
    return of(
        "L1 + LPIPS (the paper's)",
        (frames, reconstructions, dropout) -> {
          SequencedMap<String, Tensor> terms = new LinkedHashMap<>();
          terms.put("l1", absolute(frames, reconstructions));
          terms.put(
              "lpips",
              lpips
                  .distance(
                      Tensors.shift(Tensors.scale(frames, 2), -1),
                      Tensors.shift(Tensors.scale(reconstructions, 2), -1),
                      withDropout ? dropout : null)
                  .mean());
          return terms;
        });
  }

  private static Tensor absolute(Tensor frames, Tensor reconstructions) {
    return Tensors.scale(frames.sub(reconstructions).abs().mean(), 2);
  }

  /** Computes the terms. */
  @FunctionalInterface
  interface Terms {
    /** See {@link ReconstructionLoss#terms}. */
    SequencedMap<String, Tensor> of(
        Tensor frames, Tensor reconstructions, @Nullable Dropout dropout);
  }

  private static ReconstructionLoss of(String description, Terms terms) {
    return new ReconstructionLoss() {
      @Override
      public String description() {
        return description;
      }

      @Override
      public SequencedMap<String, Tensor> terms(
          Tensor frames, Tensor reconstructions, @Nullable Dropout dropout) {
        return terms.of(frames, reconstructions, dropout);
      }
    };
  }
}
