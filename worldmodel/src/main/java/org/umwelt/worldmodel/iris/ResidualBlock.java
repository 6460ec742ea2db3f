package org.umwelt.worldmodel.iris;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.GroupNorm;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.onnx.GraphValue;

/** x + Conv(swish(Norm(Conv(swish(Norm(x)))))), with a 1x1 convolution of x where widths differ. */
final class ResidualBlock implements Layer {
  private final Layer residual;
  private final @Nullable Conv2d shortcut;

  ResidualBlock(Parameters parameters, TokenizerConfig config, int in, int out) {
    GroupNorm norm1 = Norm.of(parameters.in("norm1"), config, in);
    Conv2d conv1 = new Conv2d(parameters.in("conv1"), in, out, 3, 1, 1);
    GroupNorm norm2 = Norm.of(parameters.in("norm2"), config, out);
    Conv2d conv2 = new Conv2d(parameters.in("conv2"), out, out, 3, 1, 1);
    residual = Layer.sequence(norm1, Functions.SILU, conv1, norm2, Functions.SILU, conv2);
    shortcut = in == out ? null : new Conv2d(parameters.in("nin_shortcut"), in, out, 1, 1, 0);
  }

  @Override
  public Tensor forward(Tensor x) {
    return residual.forward(x).add(shortcut == null ? x : shortcut.forward(x));
  }

  @Override
  public GraphValue write(OnnxWriter to, GraphValue x) {
    return to.graph()
        .op("Add", residual.write(to, x), shortcut == null ? x : shortcut.write(to, x));
  }
}
