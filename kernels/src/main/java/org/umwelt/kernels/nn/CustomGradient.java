package org.umwelt.kernels.nn;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Functions of tensors whose gradient is our own code: what {@code torch.autograd.Function} is in
 * Python, which LibTorch's Java presets do not have.
 *
 * <p>How: the result depends on every input through the sum of none of its elements, which is 0 and
 * whose gradient is 0. A hook on the result sees the gradient that comes in and computes those of
 * the inputs; hooks on the inputs write them over the zeros. So a model that contains such
 * functions is trained by {@code loss.backward()} like any other.
 */
public final class CustomGradient {
  private static final System.Logger LOG = System.getLogger(CustomGradient.class.getName());
  private static final ThreadLocal<@Nullable PointerScope> KEEPER = new ThreadLocal<>();

  private CustomGradient() {}

  /** Computes the gradients of the inputs. */
  @FunctionalInterface
  public interface Backward {
    /**
     * Computes them.
     *
     * @param gradient of the output, in its shape
     * @return one per input in the input's shape, or null where it is 0
     */
    List<? extends @Nullable Tensor> gradients(Tensor gradient);
  }

  /**
   * Returns a tensor equal to the output, through which gradients flow into the inputs. What the
   * backward pass needs is kept by the scope of {@link #keepIn}, or else by the outermost scope
   * open on this thread: it must stay open until then.
   *
   * @param output computed from the inputs without recording
   * @param backward called in every backward pass. An exception cannot pass through LibTorch: what
   *     it throws is logged, and the gradients become NaN. So do second derivatives ({@code
   *     create_graph}), which are not provided
   * @param inputs at least one, each of at least one dimension
   * @throws IllegalStateException where no scope is open
   */
  public static Tensor apply(Tensor output, Backward backward, Tensor... inputs) {
    boolean recorded = false;
    for (Tensor input : inputs) {
      recorded |= input.requires_grad();
    }
    if (!recorded || !GradMode.is_enabled()) {
      return output;
    }
    PointerScope scope = keeper();
    @Nullable Tensor[] gradients = new Tensor[inputs.length];
    boolean[] filled = new boolean[inputs.length];
    Tensor result = output.detach();
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].requires_grad()) {
        filled[i] = true;
        Tensor alias = inputs[i].view_as(inputs[i]);
        alias.register_hook(kept(scope, new Fill(gradients, i)));
        result = result.add(alias.narrow(0, 0, 0).sum());
      }
    }
    result.register_hook(kept(scope, new Deliver(gradients, filled, backward)));
    return result;
  }

  /**
   * Returns a tensor with the same values that a backward pass may use: it lives as long as what
   * {@link #apply} keeps, whatever becomes of the given one.
   */
  public static Tensor saved(Tensor tensor) {
    return kept(keeper(), tensor.detach());
  }

  /**
   * Runs something in which a scope keeps what backward passes need, though others are open around
   * it: forward and backward pass both happen inside.
   */
  public static void keepIn(PointerScope scope, Runnable body) {
    PointerScope before = KEEPER.get();
    KEEPER.set(scope);
    try {
      body.run();
    } finally {
      KEEPER.set(before);
    }
  }

  private static PointerScope keeper() {
    PointerScope scope = KEEPER.get();
    if (scope != null) {
      return scope;
    }
    scope = PointerScope.getInnerScope();
    for (Iterator<PointerScope> all = PointerScope.getScopeIterator();
        all != null && all.hasNext(); ) {
      scope = all.next();
    }
    if (scope == null) {
      throw new IllegalStateException(
          "expected an open PointerScope, which keeps the backward pass of a function");
    }
    return scope;
  }

  private static <P extends Pointer> P kept(PointerScope scope, P pointer) {
    PointerScope inner = PointerScope.getInnerScope();
    if (!scope.equals(inner)) {
      pointer.retainReference();
      scope.attach(pointer);
      pointer.releaseReference();
    }
    return pointer;
  }

  /** Computes all gradients when that of the output is known. */
  private static final class Deliver extends VoidTensorHook {
    private final @Nullable Tensor[] gradients;
    private final boolean[] filled; // which have a hook that takes them
    private final Backward backward;

    Deliver(@Nullable Tensor[] gradients, boolean[] filled, Backward backward) {
      this.gradients = gradients;
      this.filled = filled;
      this.backward = backward;
    }

    @Override
    public void call(TensorBase gradient) {
      try (PointerScope scope = new PointerScope()) {
        keepIn(
            scope, // what a layer that is computed again keeps is not needed any longer
            () -> {
              List<? extends @Nullable Tensor> computed = compute(new Tensor(gradient));
              for (int i = 0; i < gradients.length; i++) {
                Tensor one = filled[i] ? computed.get(i) : null;
                gradients[i] = one == null ? null : Tensors.keep(one.detach()); // a new handle
              }
            });
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, "a backward pass failed; its gradients are NaN", e);
        try (PointerScope _ = new PointerScope()) {
          Arrays.setAll(
              gradients,
              i ->
                  filled[i]
                      ? Tensors.keep(Tensors.of(Compute.CPU, new float[] {Float.NaN}, 1))
                      : null);
        }
      }
    }

    private List<? extends @Nullable Tensor> compute(Tensor gradient) {
      if (GradMode.is_enabled()) {
        throw new IllegalStateException(
            "expected a backward pass without create_graph: this function has no second derivative");
      }
      List<? extends @Nullable Tensor> computed = backward.gradients(gradient);
      if (computed.size() != gradients.length) {
        throw new IllegalStateException(
            "expected a gradient for each of %d inputs, got %d"
                .formatted(gradients.length, computed.size()));
      }
      return computed;
    }
  }

  /** Writes the computed gradient of an input over zeros. */
  private static final class Fill extends VoidTensorHook {
    private final @Nullable Tensor[] gradients;
    private final int input;

    Fill(@Nullable Tensor[] gradients, int input) {
      this.gradients = gradients;
      this.input = input;
    }

    @Override
    public void call(TensorBase zeros) {
      Tensor gradient = gradients[input];
      if (gradient != null) {
        gradients[input] = null;
        try (PointerScope _ = new PointerScope();
            NoGradGuard _ = new NoGradGuard()) {
          new Tensor(zeros).copy_(gradient);
        }
        Tensors.release(gradient);
      }
    }
  }
}
