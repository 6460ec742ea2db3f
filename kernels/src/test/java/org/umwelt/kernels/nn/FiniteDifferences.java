package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** Compares gradients with central differences along random directions, one per tensor. */
final class FiniteDifferences {
  private static final double STEP = 1e-2;
  private static final int DIRECTIONS = 3;

  /**
   * Half a unit in the last place of a loss around 1 is 6e-8, hence 6e-6 in a difference over 2e-2;
   * the third derivative adds up to 1e-4 of what it is itself.
   */
  private static final double TOLERANCE = 5e-4;

  private FiniteDifferences() {}

  /** Returns standard normal numbers. */
  static Tensor normal(long seed, long... shape) {
    Generator random = torch.make_generator_cpu(seed);
    return Tensors.empty(Compute.CPU, shape).normal_(0, 1, new GeneratorOptional(random));
  }

  /**
   * Checks the gradient of every tensor.
   *
   * @param tensors leaves that require gradients and have none yet, or zero
   * @param loss computes the same number from them each time, around 1
   */
  static void check(Map<String, Tensor> tensors, Supplier<Tensor> loss) {
    try (PointerScope _ = new PointerScope()) {
      loss.get().backward();
    }
    tensors.forEach((name, tensor) -> {
      for (int i = 0; i < DIRECTIONS; i++) {
        try (PointerScope _ = new PointerScope();
            NoGradGuard _ = new NoGradGuard()) {
          Tensor direction = normal(i, tensor.sizes().vec().get());
          direction.div_(direction.square().sum().sqrt());
          Tensor start = tensor.clone();
          tensor.copy_(Tensors.addScaled(start, direction, STEP));
          double above = Tensors.number(loss.get());
          tensor.copy_(Tensors.addScaled(start, direction, -STEP));
          double below = Tensors.number(loss.get());
          tensor.copy_(start);
          double slope = Tensors.number(tensor.grad().mul(direction).sum());
          assertThat((above - below) / (2 * STEP))
              .as("slope of %s along direction %d", name, i)
              .isCloseTo(
                  slope, org.assertj.core.api.Assertions.within(TOLERANCE * (1 + Math.abs(slope))));
        }
      }
    });
  }
}
