package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.tensor.Tensors;

/** A function from one tensor to one tensor. */
@FunctionalInterface
public interface Layer {
  /** Applies it; the result belongs to the scope it is called in. */
  Tensor forward(Tensor x);

  /**
   * Writes what {@link #forward} computes into a graph, but for what only training needs.
   *
   * @throws UnsupportedOperationException where the layer cannot be written, as those cannot that
   *     are a function alone
   */
  default GraphValue write(OnnxWriter to, GraphValue x) {
    throw new UnsupportedOperationException(
        "the layer %s has no form in ONNX: it does not implement Layer.write"
            .formatted(getClass().getName()));
  }

  /** How a layer without parameters is written into a graph. */
  @FunctionalInterface
  interface Form {
    /** Writes it. */
    GraphValue write(OnnxWriter to, GraphValue x);
  }

  /** Returns a layer out of what it computes and how it is written into a graph. */
  static Layer of(Layer forward, Form form) {
    return new Layer() {
      @Override
      public Tensor forward(Tensor x) {
        return forward.forward(x);
      }

      @Override
      public GraphValue write(OnnxWriter to, GraphValue x) {
        return form.write(to, x);
      }
    };
  }

  /**
   * Returns layers applied one after the other. What each makes is freed before the next starts,
   * unless it is recorded for the gradient, so that memory stays small and warm.
   */
  static Layer sequence(Layer... layers) {
    return of(
        x -> {
          Tensor state = x;
          for (Layer layer : layers) {
            Tensor before = state;
            state = Tensors.tidy(() -> layer.forward(before));
            if (!before.equals(x)) { // which is the caller's
              before.close();
            }
          }
          return state;
        },
        (to, x) -> {
          GraphValue state = x;
          for (Layer layer : layers) {
            state = layer.write(to, state);
          }
          return state;
        });
  }
}
