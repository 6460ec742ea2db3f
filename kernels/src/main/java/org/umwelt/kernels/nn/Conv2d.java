package org.umwelt.kernels.nn;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;

/** Two-dimensional convolution with bias. */
public final class Conv2d implements Layer {
  private static final long[] DILATION = {1, 1};

  private final Tensor weight; // (out, in, k, k)
  private final Tensor bias; // (out)
  private final long[] stride;
  private final long[] padding;

  /**
   * Creates {@code weight} [out, in, kernel, kernel] and {@code bias} [out], initialised as PyTorch
   * does.
   *
   * @param padding zeros on every side
   */
  public Conv2d(Parameters parameters, long in, long out, long kernel, long stride, long padding) {
    Init init = Init.uniform(1 / Math.sqrt(in * kernel * kernel));
    this.weight = parameters.create("weight", true, init, out, in, kernel, kernel);
    this.bias = parameters.create("bias", false, init, out);
    this.stride = new long[] {stride, stride};
    this.padding = new long[] {padding, padding};
  }

  /** Maps [b, in, h, w] to [b, out, h', w']. */
  @Override
  public Tensor forward(Tensor x) {
    return torch.conv2d(x, weight, new TensorOptional(bias), stride, padding, DILATION, 1);
  }

  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    return to.graph()
        .op(
            "Conv",
            Map.of(
                "strides",
                stride,
                "pads",
                new long[] {padding[0], padding[1], padding[0], padding[1]}),
            x,
            to.weight(weight),
            to.weight(bias));
  }
}
