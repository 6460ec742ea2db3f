package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** How a new parameter is filled. */
@FunctionalInterface
public interface Init {
  /** Fills the tensor in place. */
  void fill(Tensor tensor, Generator random);

  /** Uniform in [-bound, bound). */
  static Init uniform(double bound) {
    return (tensor, random) -> tensor.uniform_(-bound, bound, new GeneratorOptional(random));
  }

  /** Normal with mean 0. */
  static Init normal(double standardDeviation) {
    return (tensor, random) -> tensor.normal_(0, standardDeviation, new GeneratorOptional(random));
  }

  /** The same number everywhere. */
  static Init constant(double number) {
    return (tensor, _) -> tensor.fill_(new Scalar(number));
  }
}
