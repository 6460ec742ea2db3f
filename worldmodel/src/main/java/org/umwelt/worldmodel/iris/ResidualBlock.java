package org.umwelt.worldmodel.iris;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.GroupNorm;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.Parameters;

/** x + Conv(swish(Norm(Conv(swish(Norm(x)))))), with a 1x1 convolution of x where widths differ. */
final class ResidualBlock implements Layer {
  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final @Nullable Conv2d shortcut;

  ResidualBlock(Parameters parameters, TokenizerConfig config, int in, int out) {
    norm1 = Norm.of(parameters.in("norm1"), config, in);
    conv1 = new Conv2d(parameters.in("conv1"), in, out, 3, 1, 1);
    norm2 = Norm.of(parameters.in("norm2"), config, out);
    conv2 = new Conv2d(parameters.in("conv2"), out, out, 3, 1, 1);
    shortcut = in == out ? null : new Conv2d(parameters.in("nin_shortcut"), in, out, 1, 1, 0);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor h = Layer.sequence(norm1, torch::silu, conv1, norm2, torch::silu, conv2).forward(x);
    return h.add(shortcut == null ? x : shortcut.forward(x));
  }
}
