package org.umwelt.kernels.nn;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;

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

  /**
   * {@link State} inside a graph.
   *
   * @param hidden h, [b, hidden]
   * @param cell c, [b, hidden]
   */
  public record GraphState(GraphValue hidden, GraphValue cell) {}

  /** Writes one step into a graph. */
  public GraphState write(OnnxWriter to, GraphValue x, GraphState state) {
    OnnxGraph graph = to.graph();
    Map<String, Object> transposed = Map.of("transB", 1L);
    GraphValue gates = // (b, 4 hidden)
        graph.op(
            "Add",
            graph.op("Gemm", transposed, x, to.weight(inputWeight), to.weight(inputBias)),
            graph.op(
                "Gemm",
                transposed,
                state.hidden(),
                to.weight(hiddenWeight),
                to.weight(hiddenBias)));
    List<GraphValue> parts =
        graph.op("Split", Map.of("axis", 1L, "num_outputs", 4L), 4, gates); // i, f, g, o
    GraphValue cell =
        graph.op(
            "Add",
            graph.op("Mul", graph.op("Sigmoid", parts.get(1)), state.cell()),
            graph.op("Mul", graph.op("Sigmoid", parts.get(0)), graph.op("Tanh", parts.get(2))));
    return new GraphState(
        graph.op("Mul", graph.op("Sigmoid", parts.get(3)), graph.op("Tanh", cell)), cell);
  }
}
