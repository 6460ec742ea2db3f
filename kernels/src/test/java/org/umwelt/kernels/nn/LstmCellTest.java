package org.umwelt.kernels.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.umwelt.kernels.nn.FiniteDifferences.normal;

import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

class LstmCellTest {
  private static final int ROWS = 3;
  private static final int IN = 5;
  private static final int HIDDEN = 4;
  private static final int STEPS = 6;

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void stepsAreThoseOfPlainJava() {
    try (PointerScope _ = new PointerScope();
        Parameters parameters = Parameters.fresh(Compute.CPU, 8)) {
      LstmCell cell = new LstmCell(parameters, IN, HIDDEN);
      float[] wx = weights(parameters, "weight_ih");
      float[] wh = weights(parameters, "weight_hh");
      float[] bx = weights(parameters, "bias_ih");
      float[] bh = weights(parameters, "bias_hh");
      double[][] h = new double[ROWS][HIDDEN];
      double[][] c = new double[ROWS][HIDDEN];
      LstmCell.State state =
          new LstmCell.State(
              Tensors.zeros(Compute.CPU, ROWS, HIDDEN), Tensors.zeros(Compute.CPU, ROWS, HIDDEN));
      for (int t = 0; t < STEPS; t++) {
        Tensor x = normal(t, ROWS, IN);
        state = cell.forward(x, state);
        float[] input = Tensors.floats(x);
        for (int row = 0; row < ROWS; row++) {
          double[] gates = new double[4 * HIDDEN]; // i, f, g, o
          for (int k = 0; k < gates.length; k++) {
            gates[k] = (double) bx[k] + bh[k];
            for (int j = 0; j < IN; j++) {
              gates[k] += (double) wx[k * IN + j] * input[row * IN + j];
            }
            for (int j = 0; j < HIDDEN; j++) {
              gates[k] += wh[k * HIDDEN + j] * h[row][j];
            }
          }
          for (int j = 0; j < HIDDEN; j++) {
            double i = sigmoid(gates[j]);
            double f = sigmoid(gates[HIDDEN + j]);
            double g = Math.tanh(gates[2 * HIDDEN + j]);
            double o = sigmoid(gates[3 * HIDDEN + j]);
            c[row][j] = f * c[row][j] + i * g;
            h[row][j] = o * Math.tanh(c[row][j]);
          }
        }
        float[] hidden = Tensors.floats(state.hidden());
        float[] memory = Tensors.floats(state.cell());
        for (int k = 0; k < ROWS * HIDDEN; k++) {
          assertThat((double) hidden[k]).isCloseTo(h[k / HIDDEN][k % HIDDEN], within(1e-6));
          assertThat((double) memory[k]).isCloseTo(c[k / HIDDEN][k % HIDDEN], within(1e-6));
        }
      }
    }
  }

  private static float[] weights(Parameters parameters, String name) {
    return Tensors.floats(Objects.requireNonNull(parameters.named().get(name)));
  }
}
