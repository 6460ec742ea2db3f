package org.umwelt.kernels.nn;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;

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

  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    return to.graph()
        .op(
            "GroupNormalization",
            Map.of("num_groups", groups, "epsilon", epsilon),
            x,
            to.weight(weight),
            to.weight(bias));
  }
}
