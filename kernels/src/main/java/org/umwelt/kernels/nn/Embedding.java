package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;

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

  @Override
  public GraphValue write(OnnxWriter to, GraphValue numbers) {
    return to.graph().op("Gather", to.weight(weight), numbers);
  }

  /** Returns the table, [rows, size]. */
  public Tensor weight() {
    return weight;
  }
}
