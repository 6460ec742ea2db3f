package org.umwelt.kernels.nn;

import java.util.Arrays;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;

/** Group normalisation (Wu and He, arXiv 1803.08494) with a learned scale and shift per channel. */
public final class GroupNorm implements Layer {
  private final Tensor weight;
  private final Tensor bias;
  private final long groups;
  private final double epsilon;

  /** Creates {@code weight} and {@code bias} [channels], ones and zeros. */
  public GroupNorm(Parameters parameters, long channels, long groups, double epsilon) {
    this.weight = parameters.create("weight", false, Init.constant(1), channels);
    this.bias = parameters.create("bias", false, Init.constant(0), channels);
    this.groups = groups;
    this.epsilon = epsilon;
  }

  /** Maps [b, channels, h, w] to the same shape. */
  @Override
  public Tensor forward(Tensor x) {
    return torch.group_norm(
        x, groups, new TensorOptional(weight), new TensorOptional(bias), epsilon, false);
  }

  /**
   * Writes it as an instance normalisation of each group: ONNX Runtime takes the operator
   * GroupNormalization apart into a dozen others.
   */
  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    OnnxGraph graph = to.graph();
    float[] ones = new float[Math.toIntExact(groups)];
    Arrays.fill(ones, 1);
    GraphValue normed = // (b, groups, elements of a group)
        graph.op(
            "InstanceNormalization",
            Map.of("epsilon", epsilon),
            graph.op("Reshape", x, graph.vector(0, groups, -1)),
            graph.floats(ones),
            graph.floats(new float[ones.length]));
    GraphValue map = graph.op("Reshape", normed, graph.op("Shape", x));
    GraphValue perChannel = graph.vector(-1, 1, 1); // the shape of weight and bias
    return graph.op(
        "Add",
        graph.op("Mul", map, graph.op("Reshape", to.weight(weight), perChannel)),
        graph.op("Reshape", to.weight(bias), perChannel));
  }
}
