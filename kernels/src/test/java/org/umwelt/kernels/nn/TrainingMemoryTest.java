package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** A small recurrent network that learns for a while. */
class TrainingMemoryTest {
  private static final int ROWS = 8;
  private static final int SIZE = 16;
  private static final int STEPS = 300;
  private static final int WARM_UP = 100;

  /** 200 steps that kept only the smallest of their tensors, [8, 32], would leave 200 kB each. */
  private static final long BOUND = 8 << 20;

  private static final class Network {
    private final Layer features;
    private final LstmCell lstm;
    private final Linear head;

    Network(Parameters parameters) {
      features =
          Layer.sequence(
              new Conv2d(parameters.in("conv"), 1, 8, 3, 2, 1),
              new GroupNorm(parameters.in("norm"), 8, 4, 1e-6),
              torch::silu,
              Tensors::repeatPixels,
              x -> x.flatten(1, 3));
      lstm = new LstmCell(parameters.in("lstm"), 8 * SIZE * SIZE, 32);
      head = new Linear(parameters.in("head"), 32, 1);
    }

    /** Looks at three pictures and should know the mean of the first. */
    Tensor loss(Tensor pictures, Dropout dropout) {
      LstmCell.State state =
          new LstmCell.State(
              Tensors.zeros(Compute.CPU, ROWS, 32), Tensors.zeros(Compute.CPU, ROWS, 32));
      for (int t = 0; t < 3; t++) {
        state = lstm.forward(features.forward(pictures.select(1, t)), state);
      }
      Tensor target = pictures.select(1, 0).mean(1, 2, 3);
      return head.forward(dropout.apply(state.hidden(), 0.1))
          .squeeze(1)
          .sub(target)
          .square()
          .mean();
    }
  }

  @Test
  void lossFallsAndNativeMemoryStaysFlat() {
    try (Parameters parameters = Parameters.fresh(Compute.CPU, 1)) {
      Network network = new Network(parameters);
      train(network, parameters);
    }
  }

  private static void train(Network network, Parameters parameters) {
    try (Adam adam = new Adam(parameters, 1e-3, 0.01, 10)) {
      double first = 0;
      double last = 0;
      long bytes = 0;
      long pointers = 0;
      for (int step = 0; step < STEPS; step++) {
        if (step == WARM_UP) {
          bytes = Pointer.physicalBytes();
          pointers = Pointer.totalCount();
        }
        try (PointerScope _ = new PointerScope()) {
          Tensor pictures = FiniteDifferences.normal(step % 4, ROWS, 3, 1, SIZE, SIZE);
          parameters.zeroGradients();
          Tensor loss =
              network.loss(Tensors.shift(pictures, step % 4), new Dropout(Compute.CPU, step));
          loss.backward();
          adam.step();
          double value = Tensors.number(loss);
          first += step < 20 ? value : 0;
          last += step >= STEPS - 20 ? value : 0;
        }
      }
      assertThat(last).isLessThan(0.05 * first);
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(pointers);
      assertThat(Pointer.physicalBytes() - bytes).isLessThan(BOUND);
    }
  }
}
