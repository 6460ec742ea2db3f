package org.umwelt.kernels.nn;

import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A long short-term memory cell; gates in PyTorch's order i, f, g, o, with both bias vectors. */
public final class LstmCell {
  private final Tensor inputWeight; // (4 hidden, in)
  private final Tensor hiddenWeight; // (4 hidden, hidden)
  private final Tensor inputBias;
  private final Tensor hiddenBias;

  /** Creates {@code weight_ih}, {@code weight_hh}, {@code bias_ih}, {@code bias_hh}. */
  public LstmCell(Parameters parameters, long in, long hidden) {
    Init init = Init.uniform(1 / Math.sqrt(hidden));
    inputWeight = parameters.create("weight_ih", true, init, 4 * hidden, in);
    hiddenWeight = parameters.create("weight_hh", true, init, 4 * hidden, hidden);
    inputBias = parameters.create("bias_ih", false, init, 4 * hidden);
    hiddenBias = parameters.create("bias_hh", false, init, 4 * hidden);
  }

  /**
   * What the cell remembers.
   *
   * @param hidden h, [b, hidden]
   * @param cell c, [b, hidden]
   */
  public record State(Tensor hidden, Tensor cell) {}

  /**
   * Takes one step.
   *
   * @param x [b, in]
   */
  public State forward(Tensor x, State state) {
    T_TensorTensor_T next =
        torch.lstm_cell(
            x,
            new TensorVector(state.hidden(), state.cell()),
            inputWeight,
            hiddenWeight,
            new TensorOptional(inputBias),
            new TensorOptional(hiddenBias));
    // Handles of their own: the pair is freed with its scope.
    return new State(new Tensor(next.get0()), new Tensor(next.get1()));
  }
}
