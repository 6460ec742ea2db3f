package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.umwelt.kernels.nn.FiniteDifferences.normal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.onnx.OnnxSession;
import org.umwelt.kernels.onnx.OnnxSession.Device;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.StoredTensor;

/** Every layer computes in ONNX Runtime what it computes in LibTorch. */
class OnnxLayersTest {
  private static final Offset<Float> TOLERANCE = Offset.offset(1e-5f);

  /** A layer, and the shape of what it takes. */
  record Case(Function<Parameters, Layer> layer, long... shape) {}

  static Stream<Arguments> layers() {
    Map<String, Case> cases = new LinkedHashMap<>();
    cases.put("linear", new Case(p -> new Linear(p, 5, 3), 4, 5));
    cases.put("linear of sequences", new Case(p -> new Linear(p, 5, 3), 4, 2, 5));
    cases.put("convolution", new Case(p -> new Conv2d(p, 3, 4, 3, 1, 1), 2, 3, 6, 5));
    cases.put("convolution in strides", new Case(p -> new Conv2d(p, 2, 3, 3, 2, 0), 2, 2, 7, 9));
    cases.put("group norm", new Case(p -> scaled(new GroupNorm(p, 6, 3, 1e-6), p), 2, 6, 3, 4));
    cases.put("layer norm", new Case(p -> scaled(new LayerNorm(p, 7), p), 3, 2, 7));
    cases.put("silu", new Case(_ -> Functions.SILU, 3, 5));
    cases.put("relu", new Case(_ -> Functions.RELU, 3, 5));
    cases.put("gelu", new Case(_ -> Functions.GELU, 3, 5));
    cases.put("repeated pixels", new Case(_ -> Functions.REPEAT_PIXELS, 2, 3, 4, 5));
    cases.put("max pool", new Case(_ -> Functions.MAX_POOL, 2, 3, 4, 6));
    cases.put("padding", new Case(_ -> Functions.PAD_RIGHT_AND_BOTTOM, 2, 3, 4, 5));
    cases.put("flatten", new Case(_ -> Functions.FLATTEN, 2, 3, 4, 5));
    cases.put("affine", new Case(_ -> Functions.affine(2, -1), 2, 3));
    cases.put(
        "sequence",
        new Case(
            p ->
                Layer.sequence(
                    new Linear(p.in("0"), 5, 6), Functions.SILU, new Linear(p.in("1"), 6, 2)),
            3,
            5));
    return cases.entrySet().stream().map(c -> Arguments.of(c.getKey(), c.getValue()));
  }

  /** Fresh norms have weights of 1 and biases of 0, which would hide a mistake. */
  private static Layer scaled(Layer norm, Parameters parameters) {
    try (NoGradGuard _ = new NoGradGuard()) {
      parameters.named().values().forEach(tensor -> tensor.copy_(normal(5, tensor.numel())));
    }
    return norm;
  }

  private static Object[] dimensions(long... shape) {
    Object[] dimensions = Arrays.stream(shape).boxed().toArray();
    dimensions[0] = "batch";
    return dimensions;
  }

  private static void assertEqual(StoredTensor found, Tensor expected) {
    assertThat(found.shape()).isEqualTo(Tensors.shape(expected));
    float[] values = Tensors.floats(expected);
    float[] computed = found.toFloats();
    for (int i = 0; i < values.length; i++) {
      assertThat(computed[i]).as("element %d", i).isCloseTo(values[i], TOLERANCE);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void outputsAreThoseOfLibTorch(String name, Case c) {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 3)) {
      Layer layer = c.layer().apply(parameters);
      Tensor x = normal(7, c.shape());
      Tensor expected = layer.forward(x);
      OnnxGraph graph = new OnnxGraph("test", name);
      GraphValue input = graph.input(Port.of("x", ElementType.F32, dimensions(c.shape())));
      GraphValue output = layer.write(new OnnxWriter(graph, parameters), input);
      graph.output(
          Port.of(
              "y",
              ElementType.F32,
              dimensions(Tensors.shape(expected).stream().mapToLong(n -> n).toArray())),
          output);
      try (OnnxSession session = OnnxSession.open(graph.model(Map.of()), Device.CPU)) {
        Map<String, StoredTensor> outputs = session.run(Map.of("x", Parameters.stored(x)));
        assertEqual(Objects.requireNonNull(outputs.get("y")), expected);
      }
    }
  }

  @Test
  void embeddingAndLstmStepAreThoseOfLibTorch() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 4)) {
      Embedding table = new Embedding(parameters.in("table"), 6, 5, Init.normal(1));
      LstmCell cell = new LstmCell(parameters.in("lstm"), 5, 4);
      LstmCell.State start = new LstmCell.State(normal(1, 3, 4), normal(2, 3, 4));
      long[] numbers = {0, 5, 2};
      LstmCell.State expected =
          cell.forward(table.forward(Tensors.of(Compute.CPU, numbers, 3)), start);

      OnnxGraph graph = new OnnxGraph("test", "a step");
      OnnxWriter to = new OnnxWriter(graph, parameters);
      GraphValue token = graph.input(Port.of("token", ElementType.I64, "batch"));
      Port state = Port.of("h", ElementType.F32, "batch", 4);
      LstmCell.GraphState next =
          cell.write(
              to,
              table.write(to, token),
              new LstmCell.GraphState(
                  graph.input(state), graph.input(Port.of("c", ElementType.F32, "batch", 4))));
      graph.output(Port.of("next_h", ElementType.F32, "batch", 4), next.hidden());
      graph.output(Port.of("next_c", ElementType.F32, "batch", 4), next.cell());
      try (OnnxSession session = OnnxSession.open(graph.model(Map.of()), Device.CPU)) {
        Map<String, StoredTensor> outputs =
            session.run(
                Map.of(
                    "token", StoredTensor.of(numbers, 3),
                    "h", Parameters.stored(start.hidden()),
                    "c", Parameters.stored(start.cell())));
        assertEqual(Objects.requireNonNull(outputs.get("next_h")), expected.hidden());
        assertEqual(Objects.requireNonNull(outputs.get("next_c")), expected.cell());
      }
    }
  }

  @Test
  void weightsKeepTheirNamesAndStandOnce() {
    try (Parameters parameters = Parameters.fresh(Compute.CPU, 3)) {
      Linear layer = new Linear(parameters.in("head"), 2, 2);
      OnnxGraph graph = new OnnxGraph("test", "the same layer twice");
      GraphValue x = graph.input(Port.of("x", ElementType.F32, "batch", 2));
      OnnxWriter to = new OnnxWriter(graph, parameters);
      graph.output(Port.of("y", ElementType.F32, "batch", 2), layer.write(to, layer.write(to, x)));
      assertThat(graph.weights()).containsExactly("head.weight", "head.bias");
    }
  }

  @Test
  void layerThatIsAFunctionAloneSaysThatItCannotBeWritten() {
    Layer layer = Layer.sequence(x -> x);
    OnnxWriter to = new OnnxWriter(new OnnxGraph("test", ""));
    assertThatThrownBy(() -> layer.write(to, OnnxGraph.NONE))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("has no form in ONNX");
  }
}
