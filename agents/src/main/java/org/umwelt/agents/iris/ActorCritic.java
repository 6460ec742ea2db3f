package org.umwelt.agents.iris;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.nn.Conv2d;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.Linear;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Policy and value of reconstructed frames: one convolutional network and one LSTM for both.
 *
 * <p>Section 2.3 and appendix A.3 of the paper. Letters: b rows, A actions, H hidden size. The
 * policy never sees a frame of the environment itself.
 */
final class ActorCritic {
  private static final int[] WIDTHS = {3, 32, 32, 64, 64};

  private final Compute compute;
  private final int hidden;
  private final Layer features;
  private final LstmCell lstm;
  private final Linear critic;
  private final Linear actor;

  /**
   * Creates the layers; {@code parameters} are those below {@code actor_critic}.
   *
   * @param resolution of frames; a multiple of 16
   */
  ActorCritic(Parameters parameters, int resolution, int hidden, int actions) {
    this.compute = parameters.compute();
    this.hidden = hidden;
    List<Layer> layers = new ArrayList<>();
    layers.add(Functions.affine(2, -1));
    int size = resolution;
    for (int i = 1; i < WIDTHS.length; i++) {
      layers.add(new Conv2d(parameters.in("conv" + i), WIDTHS[i - 1], WIDTHS[i], 3, 1, 1));
      layers.add(Functions.MAX_POOL);
      layers.add(Functions.RELU);
      size /= 2;
    }
    layers.add(Functions.FLATTEN);
    features = Layer.sequence(layers.toArray(Layer[]::new));
    int flat = WIDTHS[WIDTHS.length - 1] * size * size;
    lstm = new LstmCell(parameters.in("lstm"), flat, hidden);
    critic = new Linear(parameters.in("critic_linear"), hidden, 1);
    actor = new Linear(parameters.in("actor_linear"), hidden, actions);
  }

  /** Returns the state that remembers nothing. */
  LstmCell.State start(long rows) {
    return new LstmCell.State(
        Tensors.zeros(compute, rows, hidden), Tensors.zeros(compute, rows, hidden));
  }

  /**
   * What one step says.
   *
   * @param logits of the actions, [b, A]
   * @param values [b]
   * @param state after the step
   */
  record Output(Tensor logits, Tensor values, LstmCell.State state) {}

  /**
   * Looks at one frame per row.
   *
   * @param frames reconstructions, [b, 3, h, w] in [0, 1]
   */
  Output forward(Tensor frames, LstmCell.State state) {
    LstmCell.State next = lstm.forward(features.forward(frames), state);
    return new Output(actor.forward(next.hidden()), critic.forward(next.hidden()).squeeze(1), next);
  }

  /**
   * {@link Output} inside a graph.
   *
   * @param logits of the actions, [b, A]
   * @param values [b]
   * @param state after the step
   */
  record GraphOutput(GraphValue logits, GraphValue values, LstmCell.GraphState state) {}

  /** Writes {@link #forward} into a graph. */
  GraphOutput write(OnnxWriter to, GraphValue frames, LstmCell.GraphState state) {
    OnnxGraph graph = to.graph();
    LstmCell.GraphState next = lstm.write(to, features.write(to, frames), state);
    return new GraphOutput(
        actor.write(to, next.hidden()),
        graph.op("Squeeze", critic.write(to, next.hidden()), graph.vector(1)),
        next);
  }

  /**
   * Returns the state after looking at frames without acting; records no gradient.
   *
   * @param frames reconstructions, [b, t, 3, h, w] in [0, 1]
   * @param mask [b, t] row-major: a row looks only where it is true, and keeps its state elsewhere
   */
  LstmCell.State burnIn(Tensor frames, boolean[] mask) {
    long rows = frames.size(0);
    int steps = Math.toIntExact(frames.size(1));
    LstmCell.State state = start(rows);
    try (NoGradGuard _ = new NoGradGuard()) {
      for (int t = 0; t < steps; t++) {
        float[] valid = new float[Math.toIntExact(rows)];
        boolean any = false;
        for (int row = 0; row < rows; row++) {
          valid[row] = mask[row * steps + t] ? 1 : 0;
          any |= mask[row * steps + t];
        }
        if (any) {
          Tensor frame = frames.select(1, t);
          LstmCell.State before = state;
          Tensor keep = Tensors.of(compute, valid, rows, 1).to(torch.ScalarType.Bool);
          LstmCell.State next = lstm.forward(features.forward(frame), before);
          state =
              new LstmCell.State(
                  torch.where(keep, next.hidden(), before.hidden()),
                  torch.where(keep, next.cell(), before.cell()));
        }
      }
    }
    return state;
  }
}
