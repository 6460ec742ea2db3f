package org.umwelt.kernels.nn;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;

/** y = x W^T + b. */
public final class Linear implements Layer {
  private final Tensor weight; // (out, in)
  private final Tensor bias; // (out)

  /** Creates {@code weight} [out, in] and {@code bias} [out], initialised as PyTorch does. */
  public Linear(Parameters parameters, long in, long out) {
    this(parameters, in, out, Init.uniform(1 / Math.sqrt(in)), Init.uniform(1 / Math.sqrt(in)));
  }

  /** Creates {@code weight} [out, in] and {@code bias} [out]. */
  public Linear(Parameters parameters, long in, long out, Init weight, Init bias) {
    this.weight = parameters.create("weight", true, weight, out, in);
    this.bias = parameters.create("bias", false, bias, out);
  }

  /** Maps [..., in] to [..., out]. */
  @Override
  public Tensor forward(Tensor x) {
    return torch.linear(x, weight, new TensorOptional(bias));
  }

  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    OnnxGraph graph = to.graph();
    GraphValue transposed =
        graph.op("Transpose", Map.of("perm", new long[] {1, 0}), to.weight(weight));
    return graph.op("Add", graph.op("MatMul", x, transposed), to.weight(bias));
  }
}
