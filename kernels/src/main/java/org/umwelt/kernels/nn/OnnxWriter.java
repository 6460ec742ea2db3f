package org.umwelt.kernels.nn;

import java.util.IdentityHashMap;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;

/** A graph that layers write themselves into, their weights under the names of the parameters. */
public final class OnnxWriter {
  private final OnnxGraph graph;
  private final IdentityHashMap<Tensor, String> names = new IdentityHashMap<>();

  /**
   * Creates the writer.
   *
   * @param parameters all that the layers to come have their tensors from
   */
  public OnnxWriter(OnnxGraph graph, Parameters... parameters) {
    this.graph = graph;
    for (Parameters each : parameters) {
      each.named().forEach((name, tensor) -> names.put(tensor, name));
    }
  }

  /** Returns the graph. */
  public OnnxGraph graph() {
    return graph;
  }

  /**
   * Returns a copy of a parameter, as a constant of the graph.
   *
   * @param parameter one of those the writer was created with
   */
  public GraphValue weight(Tensor parameter) {
    String name = Objects.requireNonNull(names.get(parameter), "a parameter of another model");
    return graph.weight(name, Parameters.stored(parameter));
  }
}
