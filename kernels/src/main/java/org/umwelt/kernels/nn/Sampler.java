package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** Chooses one class per row from logits. */
@FunctionalInterface
public interface Sampler {
  /**
   * Chooses.
   *
   * @param logits [b, n]
   * @param random one stream per row, from which a row's choice draws once if it draws at all; rows
   *     may share a stream
   * @return int64 [b]
   */
  Tensor choose(Tensor logits, RandomStream[] random);

  /** Returns the likeliest class. */
  static Sampler greedy() {
    return (logits, _) -> logits.argmax(new LongOptional(1), false);
  }

  /** Draws from softmax(logits). */
  static Sampler categorical() {
    return Sampler::draw;
  }

  /**
   * Draws from softmax(logits / temperature).
   *
   * @param temperature at least 0; 1 is {@link #categorical}, 0 is {@link #greedy}
   */
  static Sampler temperature(double temperature) {
    if (temperature == 0) {
      return greedy();
    }
    return temperature == 1
        ? categorical()
        : (logits, random) -> draw(Tensors.scale(logits, 1 / temperature), random);
  }

  private static Tensor draw(Tensor logits, RandomStream[] random) {
    return Tensors.noGrad(() -> {
      int rows = Math.toIntExact(logits.size(0));
      long classes = logits.size(1);
      float[] uniform = new float[rows];
      for (int row = 0; row < rows; row++) {
        uniform[row] = random[row].nextFloat();
      }
      Tensor sums = torch.softmax(logits, 1).cumsum(1, new ScalarTypeOptional()); // (b, n)
      Tensor host = Tensors.of(Compute.CPU, uniform, rows, 1);
      Tensor mark =
          host.to(logits.device(), logits.scalar_type())
              .mul(sums.narrow(1, classes - 1, 1)); // in [0, the whole sum)
      // How many classes lie wholly below the mark; rounding must not name one that is not there.
      return sums.le(mark)
          .sum(1)
          .clamp(new ScalarOptional(), new ScalarOptional(new Scalar(classes - 1)));
    });
  }
}
