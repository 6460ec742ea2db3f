package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class ReconstructionLossTest {
  private static Map<String, Double> terms(
      ReconstructionLoss loss, Tensor frames, Tensor reconstructions) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    loss.terms(frames, reconstructions, null)
        .forEach((name, term) -> numbers.put(name, Tensors.number(term)));
    return numbers;
  }

  /** Two pictures of 2x2 whose errors are -0.5, 0.25 and 1 in the first, 0.5 in the second. */
  private static Tensor errors() {
    float[] errors = new float[24];
    errors[0] = -0.5f;
    errors[5] = 0.25f;
    errors[11] = 1;
    errors[12] = 0.5f;
    return Tensors.of(Compute.CPU, errors, 2, 3, 2, 2);
  }

  @Test
  void deltaWeighsMeanSquareAndWorstPixel() {
    try (PointerScope _ = new PointerScope()) {
      Tensor frames = SmallWorlds.frames(1, 2, 2);
      Map<String, Double> terms = terms(ReconstructionLoss.delta(), frames, frames.add(errors()));
      assertThat(terms.keySet()).containsExactly("l1", "l2", "worst_pixel");
      assertThat(terms.get("l1")).isCloseTo(0.1 * 2.25 / 24, within(1e-8));
      assertThat(terms.get("l2")).isCloseTo((0.25 + 0.0625 + 1 + 0.25) / 24, within(1e-8));
      assertThat(terms.get("worst_pixel")).isCloseTo(0.01 * (1 + 0.25) / 2, within(1e-8));
    }
  }

  @Test
  void l1IsTakenInTheRangeFromMinusOneToOne() {
    try (PointerScope _ = new PointerScope()) {
      Tensor frames = SmallWorlds.frames(1, 2, 2);
      Map<String, Double> terms = terms(ReconstructionLoss.l1(), frames, frames.add(errors()));
      assertThat(terms.keySet()).containsExactly("l1");
      assertThat(terms.get("l1")).isCloseTo(2 * 2.25 / 24, within(1e-7));
    }
  }

  @Test
  void perfectReconstructionCostsNothingAndShardsAddUp() {
    try (PointerScope _ = new PointerScope()) {
      Tensor frames = SmallWorlds.frames(1, 4, 2);
      Tensor other = SmallWorlds.frames(2, 4, 2);
      for (ReconstructionLoss loss :
          new ReconstructionLoss[] {ReconstructionLoss.delta(), ReconstructionLoss.l1()}) {
        assertThat(terms(loss, frames, frames).values()).containsOnly(0.0);
        Map<String, Double> whole = terms(loss, frames, other);
        Map<String, Double> head = terms(loss, frames.narrow(0, 0, 1), other.narrow(0, 0, 1));
        Map<String, Double> tail = terms(loss, frames.narrow(0, 1, 3), other.narrow(0, 1, 3));
        assertThat(head).containsOnlyKeys(whole.keySet());
        assertThat(tail).containsOnlyKeys(whole.keySet());
        whole.forEach((name, value) ->
            assertThat(
                    0.25 * head.getOrDefault(name, Double.NaN)
                        + 0.75 * tail.getOrDefault(name, Double.NaN))
                .isCloseTo(value, within(1e-7)));
      }
    }
  }

  @Test
  void perceptualAddsTheDistanceOfTheCentredPictures() {
    try (Lpips lpips =
            new Lpips(Compute.CPU, new FormulaWeights("a").lpips(Lpips.shapes()), "formula");
        PointerScope _ = new PointerScope()) {
      Tensor frames = SmallWorlds.frames(1, 2, 16);
      Tensor other = SmallWorlds.frames(2, 2, 16);
      Map<String, Double> terms = terms(ReconstructionLoss.perceptual(lpips, false), frames, other);
      assertThat(terms.keySet()).containsExactly("l1", "lpips");
      assertThat(terms.get("l1"))
          .isEqualTo(terms(ReconstructionLoss.l1(), frames, other).get("l1"));
      Tensor distance =
          lpips.distance(
              Tensors.shift(Tensors.scale(frames, 2), -1),
              Tensors.shift(Tensors.scale(other, 2), -1),
              null);
      assertThat(terms.get("lpips")).isEqualTo(Tensors.number(distance.mean()));
    }
  }
}
