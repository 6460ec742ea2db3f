package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A table of vectors looked up by number. */
public final class Embedding implements Layer {
  private final Tensor weight; // (rows, size)

  /** Creates {@code weight} [rows, size]. */
  public Embedding(Parameters parameters, long rows, long size, Init init) {
    this.weight = parameters.create("weight", false, init, rows, size);
  }

  /** Maps int64 [...] to [..., size]. */
  @Override
  public Tensor forward(Tensor numbers) {
    return torch.embedding(weight, numbers);
  }

  /** Returns the table, [rows, size]. */
  public Tensor weight() {
    return weight;
  }
}
