package org.umwelt.kernels.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorsTest {
  private static Tensor numbers(float... values) {
    return Tensors.of(Compute.CPU, values, values.length);
  }

  @Test
  void tidyFreesEverythingButItsResultWhichDiesWithTheScopeAround() {
    List<Tensor> made = new ArrayList<>();
    Tensor result;
    try (PointerScope _ = new PointerScope()) {
      result =
          Tensors.tidy(() -> {
            for (int i = 0; i < 3; i++) {
              made.add(numbers(i, i));
            }
            return made.get(1).add(made.get(2));
          });
      assertThat(made).allMatch(tensor -> tensor.isNull());
      assertThat(Tensors.floats(result)).containsExactly(3, 3);
    }
    assertThat(result.isNull()).isTrue();
  }

  @Test
  void nestedTidyHandsItsResultFromScopeToScope() {
    try (PointerScope _ = new PointerScope()) {
      Tensor result = Tensors.tidy(() -> Tensors.tidy(() -> Tensors.tidy(() -> numbers(1, 2))));
      assertThat(Tensors.floats(result)).containsExactly(1, 2);
    }
  }

  @Test
  void tidyOutsideEveryScopeLeavesItsResultToTheCaller() {
    Tensor result = Tensors.tidy(() -> numbers(1).add(numbers(2)));
    assertThat(Tensors.floats(result)).containsExactly(3);
    Tensors.release(result);
    assertThat(result.isNull()).isTrue();
  }

  @Test
  void resultThatWasThereBeforeStaysWithItsScope() {
    Tensor before;
    try (PointerScope _ = new PointerScope()) {
      before = numbers(7);
      assertThat(Tensors.tidy(() -> before)).isSameAs(before);
      assertThat(Tensors.floats(before)).containsExactly(7);
    }
    assertThat(before.isNull()).isTrue();
  }

  @Test
  void tidyFreesEverythingWhereItsBodyThrows() {
    List<Tensor> made = new ArrayList<>();
    try (PointerScope _ = new PointerScope()) {
      assertThatThrownBy(() ->
              Tensors.tidy(() -> {
                made.add(numbers(1));
                throw new IllegalStateException("on purpose");
              }))
          .hasMessage("on purpose");
      assertThat(made).allMatch(tensor -> tensor.isNull());
    }
  }

  @Test
  void keptTensorOutlivesItsScopesUntilItIsReleased() {
    Tensor kept;
    try (PointerScope _ = new PointerScope()) {
      kept = Tensors.keep(numbers(5));
    }
    assertThat(Tensors.floats(kept)).containsExactly(5);
    try (PointerScope _ = new PointerScope()) {
      assertThat(Tensors.tidy(() -> kept)).isSameAs(kept);
    }
    assertThat(Tensors.floats(kept)).containsExactly(5);
    Tensors.release(kept);
    assertThat(kept.isNull()).isTrue();
  }

  @Test
  void noGradRecordsNothingAndRecordingGoesOnBehindIt() {
    try (PointerScope _ = new PointerScope()) {
      Tensor weight = numbers(3).set_requires_grad(true);
      assertThat(Tensors.noGrad(() -> weight.mul(weight)).requires_grad()).isFalse();
      assertThat(weight.mul(weight).requires_grad()).isTrue();
    }
  }

  @Test
  void arraysComeBackRowMajorFromAnyView() {
    float[] floats = {1.5f, -0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 1 / 3f};
    long[] longs = {Long.MIN_VALUE, -1, 0, 1L << 40};
    byte[] bytes = {0, 1, 127, -128, -1, 7};
    try (PointerScope _ = new PointerScope()) {
      assertThat(Tensors.floats(Tensors.of(Compute.CPU, floats, 2, 3))).containsExactly(floats);
      assertThat(Tensors.longs(Tensors.of(Compute.CPU, longs, 4))).containsExactly(longs);
      assertThat(Tensors.bytes(Tensors.of(Compute.CPU, bytes, 3, 2))).containsExactly(bytes);
      Tensor matrix = Tensors.of(Compute.CPU, new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
      assertThat(Tensors.floats(matrix.t())).containsExactly(1, 4, 2, 5, 3, 6);
      assertThat(Tensors.shape(matrix.t())).containsExactly(3L, 2L);
      assertThat(Tensors.floats(matrix.select(1, 1))).containsExactly(2, 5);
    }
  }

  @Test
  void tensorDoesNotChangeWithTheArrayItWasMadeFrom() {
    float[] values = {1, 2};
    try (PointerScope _ = new PointerScope()) {
      Tensor tensor = Tensors.of(Compute.CPU, values, 2);
      values[0] = 9;
      assertThat(Tensors.floats(tensor)).containsExactly(1, 2);
    }
  }

  @Test
  void shortHandsAreWhatTheySay() {
    try (PointerScope _ = new PointerScope()) {
      Tensor x = numbers(-2, 0.5f, 3);
      assertThat(Tensors.floats(Tensors.addScaled(x, x, -2))).containsExactly(2, -0.5f, -3);
      assertThat(Tensors.floats(Tensors.scale(x, 4))).containsExactly(-8, 2, 12);
      assertThat(Tensors.floats(Tensors.shift(x, 1))).containsExactly(-1, 1.5f, 4);
      assertThat(Tensors.floats(Tensors.clamp(x, 0, 1))).containsExactly(0, 0.5f, 1);
      assertThat(Tensors.number(x.sum())).isEqualTo(1.5);
      assertThat(Tensors.shape(Tensors.stack(List.of(x, x), 0))).containsExactly(2L, 3L);
      assertThat(Tensors.shape(Tensors.cat(List.of(x, x), 0))).containsExactly(6L);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 3, 4, 5", "3, 8, 7, 2"})
  void repeatedPixelsAreNearestNeighbourUpSamplingBitForBitGradientToo(
      long b, long c, long h, long w) {
    Generator random = torch.make_generator_cpu(5);
    try (PointerScope _ = new PointerScope()) {
      Tensor x = Tensors.empty(Compute.CPU, b, c, h, w);
      x.normal_(0, 1, new GeneratorOptional(random));
      Tensor weights = Tensors.empty(Compute.CPU, b, c, 2 * h, 2 * w);
      weights.random_(64, new GeneratorOptional(random)); // whose sums are exact in any order
      Tensor ours = x.detach().clone().set_requires_grad(true);
      Tensor theirs = x.detach().clone().set_requires_grad(true);
      Tensor repeated = Tensors.repeatPixels(ours);
      Tensor nearest = torch.upsample_nearest2d(theirs, new long[] {2 * h, 2 * w});
      assertThat(Tensors.floats(repeated)).containsExactly(Tensors.floats(nearest));
      repeated.mul(weights).sum().backward();
      nearest.mul(weights).sum().backward();
      assertThat(Tensors.floats(ours.grad())).containsExactly(Tensors.floats(theirs.grad()));
      Tensor strided = Tensors.repeatPixels(x.transpose(2, 3));
      assertThat(Tensors.floats(strided))
          .containsExactly(Tensors.floats(Tensors.repeatPixels(x).transpose(2, 3)));
    }
  }
}
