package org.umwelt.physics.lattice;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** The leapfrog in whole tensors of LibTorch, float64: neighbours by roll, the rest in place. */
final class LibTorchLeapfrog implements AutoCloseable {
  private final Scalar hopping;
  private final Scalar quadratic;
  private final Scalar quartic;
  private final int dimensions;
  private final int sites;
  private final Tensor field;
  private final Tensor momentum;

  /** Copies a field and momenta. */
  LibTorchLeapfrog(Lattice lattice, Phi4 action, double[] field, double[] momentum) {
    hopping = new Scalar(2 * action.hopping());
    quadratic = new Scalar(2 * action.quadratic());
    quartic = new Scalar(4 * action.quartic());
    dimensions = lattice.dimensions();
    sites = lattice.sites();
    long[] shape = new long[dimensions];
    for (int mu = 0; mu < dimensions; mu++) {
      shape[mu] = lattice.length(mu);
    }
    this.field = tensor(field, shape);
    this.momentum = tensor(momentum, shape);
  }

  private static Tensor tensor(double[] numbers, long[] shape) {
    try (PointerScope _ = new PointerScope();
        DoublePointer pointer = new DoublePointer(numbers)) {
      return Tensors.keep(
          torch.from_blob(pointer, shape, Compute.CPU.options(torch.ScalarType.Double)).clone());
    }
  }

  private void kick(double step) {
    Tensor around = null;
    for (int mu = 0; mu < dimensions; mu++) {
      for (long shift = -1; shift <= 1; shift += 2) {
        Tensor rolled = torch.roll(field, new long[] {shift}, new long[] {mu});
        around = around == null ? rolled : around.add_(rolled);
      }
    }
    if (around != null) {
      Tensor force = field.mul(field).mul_(quartic).add_(quadratic).mul_(field);
      force.sub_(around, hopping);
      momentum.sub_(force, new Scalar(step));
    }
  }

  /** Takes steps. */
  void leapfrog(int count, double step) {
    for (int i = 0; i < count; i++) {
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        kick(i == 0 ? step / 2 : step);
        field.add_(momentum, new Scalar(step));
        if (i == count - 1) {
          kick(step / 2);
        }
      }
    }
  }

  /** Returns the field and, behind it, the momenta. */
  double[] state() {
    double[] numbers = new double[2 * sites];
    field.data_ptr_double().get(numbers, 0, sites);
    momentum.data_ptr_double().get(numbers, sites, sites);
    return numbers;
  }

  @Override
  public void close() {
    Tensors.release(field);
    Tensors.release(momentum);
  }
}
