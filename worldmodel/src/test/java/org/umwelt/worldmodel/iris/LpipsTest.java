package org.umwelt.worldmodel.iris;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.StoredTensor;

class LpipsTest {
  private static Map<String, StoredTensor> weights;
  private static Lpips lpips;

  @BeforeAll
  static void build() {
    weights = new FormulaWeights("PUBLIC").lpips(Lpips.shapes());
    lpips = new Lpips(Compute.CPU, weights, "formula");
  }

  @AfterAll
  static void close() {
    lpips.close();
    weights = Map.of();
  }

  private static Tensor pictures(long seed, int n, int size) {
    return Tensors.shift(Tensors.scale(SmallWorlds.frames(seed, n, size), 2), -1);
  }

  private static float[] distance(Tensor x, Tensor y) {
    return Tensors.floats(Tensors.noGrad(() -> lpips.distance(x, y, null)));
  }

  /** Figures of the reference implementation; pictures by formula too. */
  @Test
  void distancesAreThoseOfTheReference() {
    double[] uniform = new FormulaWeights("PUBLIC").uniform("input.obs", 6 * 3 * 64 * 64);
    float[] pixels = new float[uniform.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) uniform[i];
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor all = Tensors.of(Compute.CPU, pixels, 2, 3, 3, 64, 64); // (row, step, ...)
      Tensor centred = Tensors.shift(Tensors.scale(all, 2), -1);
      float[] found = distance(centred.select(1, 0), centred.select(1, 1));
      assertThat(found).hasSize(2);
      assertThat(found[0]).isCloseTo(0.0066803f, within(2e-7f));
      assertThat(found[1]).isCloseTo(0.0068026f, within(2e-7f));
    }
  }

  @Test
  void distanceIsZeroToItselfSymmetricAndPerPicture() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = pictures(1, 3, 32);
      Tensor y = pictures(2, 3, 32);
      assertThat(distance(x, x)).containsOnly(0);
      float[] there = distance(x, y);
      assertThat(distance(y, x)).containsExactly(there);
      for (int i = 0; i < 3; i++) {
        assertThat(there[i]).isPositive();
        assertThat(distance(x.narrow(0, i, 1), y.narrow(0, i, 1))[0])
            .isCloseTo(there[i], within(1e-6f * there[i]));
      }
      Tensor near = Tensors.addScaled(x, y.sub(x), 0.1);
      assertThat(distance(x, near)[0]).isLessThan(there[0]);
    }
  }

  @Test
  void dropoutChangesTheDistanceButNotItsMean() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = pictures(3, 1, 16);
      Tensor y = pictures(4, 1, 16);
      double exact = distance(x, y)[0];
      int n = 100;
      double sum = 0;
      double squares = 0;
      Dropout dropout = new Dropout(Compute.CPU, 2);
      for (int i = 0; i < n; i++) {
        double one =
            Tensors.number(Tensors.noGrad(() -> lpips.distance(x, y, dropout)).select(0, 0));
        sum += one;
        squares += one * one;
      }
      double mean = sum / n;
      double deviation = Math.sqrt((squares - n * mean * mean) / (n - 1));
      assertThat(deviation).isGreaterThan(1e-3 * exact);
      assertThat(Math.abs(mean - exact)).isLessThan(4 * deviation / Math.sqrt(n));
    }
  }

  @Test
  void gradientReachesThePicturesAndNoWeight() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = pictures(1, 1, 16);
      Tensor y = pictures(2, 1, 16).set_requires_grad(true);
      lpips.distance(x, y, null).sum().backward();
      Tensor gradient = y.grad();
      assertThat(Tensors.number(gradient.abs().max())).isPositive();
      double step = 1e-2;
      Tensor direction = gradient.div(gradient.square().sum().sqrt());
      Tensor base = y.detach();
      double above = distance(x, Tensors.addScaled(base, direction, step))[0];
      double below = distance(x, Tensors.addScaled(base, direction, -step))[0];
      double slope = Tensors.number(gradient.square().sum().sqrt());
      // Kinks of ReLU and pooling lie within the step.
      assertThat((above - below) / (2 * step)).isCloseTo(slope, within(0.02 * slope));
      lpips
          .parameters()
          .named()
          .values()
          .forEach(weight -> assertThat(weight.requires_grad()).isFalse());
    }
  }

  @Test
  void missingWeightIsNamed() {
    Map<String, StoredTensor> rest = new LinkedHashMap<>(weights);
    rest.remove("tokenizer.lpips.lin3.model.1.weight");
    assertThatThrownBy(() -> new Lpips(Compute.CPU, rest, "vgg.pt"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith(
            "vgg.pt: expected an entry tokenizer.lpips.lin3.model.1.weight of shape [1, 512, 1, 1]");
  }
}
