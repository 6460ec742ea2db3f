package org.umwelt.kernels.nn;

import java.util.List;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Gradient checkpointing: what a layer computes inside is not kept for the backward pass but
 * computed again there. Chen, Xu, Zhang, Guestrin, "Training deep nets with sublinear memory cost",
 * arXiv 1604.06174.
 */
public final class Checkpoint {
  private Checkpoint() {}

  /**
   * Applies a layer.
   *
   * @param layer gives the same result both times it is called: what it draws at random is a
   *     function of a key
   * @param x requires gradients, or the parameters of the layer would get none; the scope that
   *     {@link CustomGradient} keeps things in stays open until the backward pass
   */
  public static Tensor apply(Layer layer, Tensor x) {
    if (!GradMode.is_enabled()) {
      return layer.forward(x);
    }
    if (!x.requires_grad()) {
      throw new IllegalArgumentException(
          "expected the input of a checkpointed layer to require gradients: without, its parameters would not learn; apply the layer itself");
    }
    Tensor input = CustomGradient.saved(x);
    return CustomGradient.apply(
        Tensors.noGrad(() -> layer.forward(x)),
        gradient -> {
          Tensor leaf = input.detach().set_requires_grad(true);
          Tensor again =
              Tensors.tidy(() -> {
                try (AutoGradMode _ = new AutoGradMode(true)) {
                  return layer.forward(leaf);
                }
              });
          again.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
          return List.of(leaf.grad());
        },
        x);
  }

  /** Returns a layer that {@linkplain #apply checkpoints} another. */
  public static Layer of(Layer layer) {
    return x -> apply(layer, x);
  }
}
