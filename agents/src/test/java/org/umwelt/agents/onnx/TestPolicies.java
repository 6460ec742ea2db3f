package org.umwelt.agents.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.StoredTensor;

/** Policies for {@code test/Walk-v0}, whose observations are the step and the length. */
final class TestPolicies {
  private TestPolicies() {}

  /** Logits that grow with the action by the step: [0, s, 2 s, ...] for n actions. */
  static OnnxGraph logits(ElementType observed, int actions, String observation, String output) {
    OnnxGraph graph = new OnnxGraph("logits", "");
    GraphValue seen = graph.input(Port.of(observation, observed, "batch", 2));
    GraphValue numbers = graph.op("Cast", Map.of("to", 1L), seen);
    float[] weights = new float[2 * actions];
    for (int a = 0; a < actions; a++) {
      weights[a] = a; // of the step; the length does not count
    }
    GraphValue matrix = graph.weight("w", StoredTensor.of(weights, 2, actions));
    graph.output(
        Port.of(output, ElementType.F32, "batch", actions), graph.op("MatMul", numbers, matrix));
    return graph;
  }

  /** An action of this type, the step modulo five, of shape [n] or [n, 1]. */
  static OnnxGraph action(ElementType type, long cast, boolean column, double factor) {
    OnnxGraph graph = new OnnxGraph("action", "");
    GraphValue seen = graph.input(Port.of("observation", ElementType.F64, "batch", 2));
    GraphValue numbers = graph.op("Cast", Map.of("to", 1L), seen);
    GraphValue step =
        graph.op("Slice", numbers, graph.vector(0), graph.vector(1), graph.vector(1)); // (n, 1)
    GraphValue scaled = graph.op("Mul", step, graph.constant(factor));
    GraphValue whole =
        graph.op(
            "Cast",
            Map.of("to", cast),
            graph.op("Mod", Map.of("fmod", 1L), scaled, graph.constant(5)));
    graph.output(
        column ? Port.of("action", type, "batch", 1) : Port.of("action", type, "batch"),
        column ? whole : graph.op("Squeeze", whole, graph.vector(1)));
    return graph;
  }

  /**
   * Acts by how often it was asked in this episode, modulo five: a memory [1, n, 1], as an LSTM of
   * PyTorch has it, that counts.
   */
  static OnnxGraph counting(String state, String next) {
    OnnxGraph graph = new OnnxGraph("counting", "");
    graph.input(Port.of("observation", ElementType.F64, "batch", 2));
    Port memory = Port.of(state, ElementType.F32, 1, "batch", 1);
    GraphValue before = graph.input(memory);
    graph.output(
        Port.of(next, ElementType.F32, 1, "batch", 1), graph.op("Add", before, graph.constant(1)));
    GraphValue count = graph.op("Squeeze", before, graph.vector(0, 2)); // (n)
    graph.output(
        Port.of("action", ElementType.I64, "batch"),
        graph.op("Mod", graph.op("Cast", Map.of("to", 7L), count), graph.number(5)));
    return graph;
  }

  static Path write(Path file, OnnxGraph graph, Map<String, String> metadata) {
    try {
      graph.model(metadata).write(file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
