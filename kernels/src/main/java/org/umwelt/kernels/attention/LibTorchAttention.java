package org.umwelt.kernels.attention;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** LibTorch's dense causal attention, a head per thread: the peer of the benchmark. */
final class LibTorchAttention implements AutoCloseable {
  private static final int ORDER = 1024; // of the matrices that show how fast the machine is

  private final Tensor[][] heads; // per head q, k, v and the gradient of the output
  private final Tensor[] squares; // one per thread
  private final WorkerTeam team;

  /**
   * Copies the inputs.
   *
   * @param inputs per head q, k, v and the gradient of the output, each [length, size]
   */
  LibTorchAttention(float[][][] inputs, int length, int size, WorkerTeam team) {
    this.team = team;
    heads = new Tensor[inputs.length][];
    squares = new Tensor[team.threads()];
    try (PointerScope _ = new PointerScope()) {
      for (int head = 0; head < inputs.length; head++) {
        float[][] input = inputs[head];
        heads[head] = new Tensor[input.length];
        Arrays.setAll(
            heads[head], i -> Tensors.keep(Tensors.of(Compute.CPU, input[i], 1, 1, length, size)));
      }
      float[] numbers = new float[ORDER * ORDER];
      Arrays.fill(numbers, 1f / ORDER);
      Arrays.setAll(squares, _ -> Tensors.keep(Tensors.of(Compute.CPU, numbers, ORDER, ORDER)));
    }
  }

  /** Computes all heads. */
  void compute(boolean backward) {
    team.run(
        heads.length,
        head -> {
          try (PointerScope _ = new PointerScope()) {
            if (backward) {
              attend(head, true)
                  .backward(
                      heads[head][3], new BoolOptional(false), false, new TensorArrayRefOptional());
            } else {
              try (NoGradGuard _ = new NoGradGuard()) {
                attend(head, false);
              }
            }
          }
        });
  }

  private Tensor attend(int head, boolean gradients) {
    Tensor[] qkv = new Tensor[3];
    Arrays.setAll(qkv, i -> heads[head][i].detach());
    for (Tensor one : qkv) {
      one.set_requires_grad(gradients);
    }
    return torch.scaled_dot_product_attention(
        qkv[0], qkv[1], qkv[2], new TensorOptional(), 0, true, new DoubleOptional(), false);
  }

  /** Returns how many 10^9 operations a second all threads together do in products of matrices. */
  double matrixProductSpeed() {
    long start = System.nanoTime();
    team.run(
        squares.length,
        thread -> {
          try (PointerScope _ = new PointerScope()) {
            torch.matmul(squares[thread], squares[thread]);
          }
        });
    return 2.0 * ORDER * ORDER * ORDER * squares.length / (System.nanoTime() - start);
  }

  @Override
  public void close() {
    for (Tensor[] head : heads) {
      for (Tensor one : head) {
        Tensors.release(one);
      }
    }
    for (Tensor square : squares) {
      Tensors.release(square);
    }
  }
}
