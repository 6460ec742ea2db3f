package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.tensor.Tensors;

/** A function from one tensor to one tensor. */
@FunctionalInterface
public interface Layer {
  /** Applies it; the result belongs to the scope it is called in. */
  Tensor forward(Tensor x);

  /**
   * Returns layers applied one after the other. What each makes is freed before the next starts,
   * unless it is recorded for the gradient, so that memory stays small and warm.
   */
  static Layer sequence(Layer... layers) {
    return x -> {
      Tensor state = x;
      for (Layer layer : layers) {
        Tensor before = state;
        state = Tensors.tidy(() -> layer.forward(before));
        if (!before.equals(x)) { // which is the caller's
          before.close();
        }
      }
      return state;
    };
  }
}
