package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

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
}
