package org.umwelt.kernels.nn;

import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.tensor.Tensors;

/** Layers without parameters. */
public final class Functions {
  /** x sigmoid(x). */
  public static final Layer SILU =
      Layer.of(torch::silu, (to, x) -> to.graph().op("Mul", x, to.graph().op("Sigmoid", x)));

  /** max(x, 0). */
  public static final Layer RELU = Layer.of(torch::relu, (to, x) -> to.graph().op("Relu", x));

  /** x times the normal distribution function of x. */
  public static final Layer GELU =
      Layer.of(torch::gelu, (to, x) -> to.graph().op("Gelu", Map.of("approximate", "none"), x));

  /** {@link Tensors#repeatPixels}. */
  public static final Layer REPEAT_PIXELS =
      Layer.of(Tensors::repeatPixels, (to, x) -> repeatPixels(to.graph(), x));

  /** The largest of every 2x2 pixels: [b, c, 2h, 2w] to [b, c, h, w]. */
  public static final Layer MAX_POOL =
      Layer.of(
          x -> torch.max_pool2d(x, 2, 2),
          (to, x) ->
              to.graph()
                  .op(
                      "MaxPool",
                      Map.of("kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2}),
                      x));

  /** Adds a column of zeros at the right and a row of zeros at the bottom of [b, c, h, w]. */
  public static final Layer PAD_RIGHT_AND_BOTTOM =
      Layer.of(
          x -> torch.constant_pad_nd(x, 0, 1, 0, 1),
          (to, x) -> to.graph().op("Pad", x, to.graph().vector(0, 0, 0, 0, 0, 0, 1, 1)));

  /** [b, ...] to [b, all others]. */
  public static final Layer FLATTEN =
      Layer.of(
          x -> x.flatten(1, x.dim() - 1),
          (to, x) -> to.graph().op("Flatten", Map.of("axis", 1L), x));

  private Functions() {}

  /** Returns x * factor + shift. */
  public static Layer affine(double factor, double shift) {
    return Layer.of(
        x -> Tensors.shift(Tensors.scale(x, factor), shift),
        (to, x) -> {
          OnnxGraph graph = to.graph();
          return graph.op("Add", graph.op("Mul", x, graph.constant(factor)), graph.constant(shift));
        });
  }

  private static GraphValue repeatPixels(OnnxGraph graph, GraphValue x) {
    return graph.op(
        "Resize",
        Map.of(
            "mode", "nearest",
            "nearest_mode", "floor",
            "coordinate_transformation_mode", "asymmetric"),
        x,
        OnnxGraph.NONE,
        graph.floats(1, 1, 2, 2));
  }
}
