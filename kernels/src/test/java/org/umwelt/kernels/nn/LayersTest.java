package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.umwelt.kernels.nn.FiniteDifferences.normal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class LayersTest {
  /** A layer, and the shape of what it takes. */
  record Case(Function<Parameters, Layer> layer, long... shape) {}

  static Stream<Arguments> layers() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("linear", new Case(p -> new Linear(p, 5, 3), 4, 2, 5));
    cases.put("convolution", new Case(p -> new Conv2d(p, 3, 4, 3, 1, 1), 2, 3, 6, 5));
    cases.put("convolution in strides", new Case(p -> new Conv2d(p, 2, 3, 3, 2, 0), 2, 2, 7, 9));
    cases.put("1x1 convolution", new Case(p -> new Conv2d(p, 4, 2, 1, 1, 0), 2, 4, 3, 3));
    cases.put("group norm", new Case(p -> new GroupNorm(p, 6, 3, 1e-6), 2, 6, 3, 4));
    cases.put("layer norm", new Case(p -> new LayerNorm(p, 7), 3, 2, 7));
    cases.put(
        "sequence",
        new Case(
            p ->
                Layer.sequence(
                    new Linear(p.in("0"), 5, 6), torch::silu, new Linear(p.in("1"), 6, 2)),
            3,
            5));
    cases.put(
        "repeated pixels",
        new Case(
            p -> Layer.sequence(Tensors::repeatPixels, new Conv2d(p, 2, 2, 3, 1, 1)), 1, 2, 3, 4));
    return cases.entrySet().stream().map(c -> Arguments.of(c.getKey(), c.getValue()));
  }

  /** A number around 1 that weighs every element of the output differently. */
  private static Tensor loss(Tensor output) {
    Tensor weights = normal(99, output.sizes().vec().get());
    return output.mul(weights).sum().div(weights.square().sum().sqrt());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void gradientsAreThoseOfFiniteDifferences(String name, Case c) {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 3)) {
      Layer layer = c.layer().apply(parameters);
      Tensor x = normal(7, c.shape()).set_requires_grad(true);
      parameters.zeroGradients();
      Map<String, Tensor> all = new LinkedHashMap<>(parameters.named());
      all.put("input", x);
      FiniteDifferences.check(all, () -> loss(layer.forward(x)));
    }
  }

  @Test
  void gradientsOfEmbeddingAndLstmAreThoseOfFiniteDifferences() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 4)) {
      Embedding table = new Embedding(parameters.in("table"), 6, 5, Init.normal(1));
      LstmCell cell = new LstmCell(parameters.in("lstm"), 5, 4);
      Tensor numbers = Tensors.of(Compute.CPU, new long[] {0, 5, 2, 2}, 4);
      LstmCell.State start = new LstmCell.State(normal(1, 4, 4), normal(2, 4, 4));
      parameters.zeroGradients();
      Supplier<Tensor> loss =
          () -> {
            LstmCell.State state = cell.forward(table.forward(numbers), start);
            state = cell.forward(table.forward(numbers), state);
            return loss(state.hidden()).add(loss(state.cell()));
          };
      FiniteDifferences.check(parameters.named(), loss);
      Tensor gradient =
          Objects.requireNonNull(parameters.split(parameters.gradients()).get("table.weight"));
      assertThat(Tensors.floats(gradient.select(0, 1))).containsOnly(0); // never looked up
    }
  }

  @Test
  void sequenceFreesWhatIsBetweenItsLayersAndKeepsItsInput() {
    try (PointerScope _ = new PointerScope()) {
      Tensor[] between = new Tensor[2];
      Layer layer =
          Layer.sequence(
              x -> between[0] = Tensors.shift(x, 1),
              x -> between[1] = Tensors.scale(x, 2),
              x -> Tensors.shift(x, -1));
      Tensor x = Tensors.of(Compute.CPU, new float[] {1, 2}, 2);
      assertThat(Tensors.floats(layer.forward(x))).containsExactly(3, 5);
      assertThat(between).allMatch(tensor -> tensor.isNull());
      assertThat(Tensors.floats(x)).containsExactly(1, 2);
    }
  }

  @Test
  void sequenceMayHoldALayerThatDoesNothing() {
    try (PointerScope _ = new PointerScope()) {
      Layer layer = Layer.sequence(x -> Tensors.shift(x, 1), x -> x, x -> Tensors.scale(x, 2));
      Tensor x = Tensors.of(Compute.CPU, new float[] {1, 2}, 2);
      assertThat(Tensors.floats(layer.forward(x))).containsExactly(4, 6);
      assertThat(Tensors.floats(Layer.sequence(y -> y).forward(x))).containsExactly(1, 2);
    }
  }

  @Test
  void freshWeightsLieInPyTorchsBoundsAndAreAFunctionOfTheSeed() {
    try (Parameters one = Parameters.fresh(Compute.CPU, 11);
        Parameters same = Parameters.fresh(Compute.CPU, 11);
        Parameters other = Parameters.fresh(Compute.CPU, 12)) {
      for (Parameters parameters : new Parameters[] {one, same, other}) {
        new Linear(parameters.in("linear"), 100, 50);
        new Conv2d(parameters.in("conv"), 4, 25, 5, 1, 0);
        new LstmCell(parameters.in("lstm"), 30, 100);
      }
      double bound = 0.1; // 1 / sqrt(100), the same for all three
      for (Tensor tensor : one.named().values()) {
        float[] values = Tensors.floats(tensor);
        double squares = 0;
        for (float value : values) {
          assertThat((double) value).isBetween(-bound, bound);
          squares += (double) value * value;
        }
        // Variance bound^2 / 3; its relative standard error is sqrt(0.8 / n).
        assertThat(3 * squares / values.length / (bound * bound))
            .isBetween(
                1 - 4 * Math.sqrt(0.8 / values.length), 1 + 4 * Math.sqrt(0.8 / values.length));
      }
      assertThat(Tensors.floats(same.values())).containsExactly(Tensors.floats(one.values()));
      assertThat(Tensors.floats(other.values())).isNotEqualTo(Tensors.floats(one.values()));
    }
  }
}
