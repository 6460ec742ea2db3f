package org.umwelt.kernels.nn;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;

/** Layer normalisation (Ba et al., arXiv 1607.06450) over the last dimension, epsilon 1e-5. */
public final class LayerNorm implements Layer {
  private static final double EPSILON = 1e-5;

  private final Tensor weight;
  private final Tensor bias;
  private final long[] shape;

  /** Creates {@code weight} and {@code bias} [size], ones and zeros. */
  public LayerNorm(Parameters parameters, long size) {
    this.weight = parameters.create("weight", false, Init.constant(1), size);
    this.bias = parameters.create("bias", false, Init.constant(0), size);
    this.shape = new long[] {size};
  }

  /** Maps [..., size] to the same shape. */
  @Override
  public Tensor forward(Tensor x) {
    return torch.layer_norm(
        x, shape, new TensorOptional(weight), new TensorOptional(bias), EPSILON, false);
  }

  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    return to.graph()
        .op(
            "LayerNormalization",
            Map.of("axis", -1L, "epsilon", EPSILON),
            x,
            to.weight(weight),
            to.weight(bias));
  }
}
