package org.umwelt.physics.lattice;

import java.util.function.DoubleUnaryOperator;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Nodes and weights that integrate polynomials times an even weight exactly up to degree 2 n - 1:
 * the three-term recurrence by the Stieltjes procedure on a fine grid, then Golub and Welsch (Math.
 * Comp. 23, 1969).
 *
 * @param nodes ascending, symmetric about 0
 * @param weights positive, over the largest value of the weight function
 * @param logScale logarithm of that
 */
record GaussNodes(double[] nodes, double[] weights, double logScale) {
  private static final int POINTS = 4000;

  /**
   * Computes n nodes.
   *
   * @param logWeight even; the weight vanishes beyond the range
   */
  static GaussNodes of(int n, double range, DoubleUnaryOperator logWeight) {
    double step = 2 * range / POINTS;
    double[] x = new double[POINTS + 1];
    double[] w = new double[POINTS + 1];
    double[] last = new double[POINTS + 1]; // orthonormal polynomials of two degrees
    double[] now = new double[POINTS + 1];
    double total = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= POINTS; i++) {
      x[i] = i * step - range;
      largest = Math.max(largest, logWeight.applyAsDouble(x[i]));
    }
    for (int i = 0; i <= POINTS; i++) {
      w[i] = Math.exp(logWeight.applyAsDouble(x[i]) - largest) * step;
      total += w[i];
    }
    java.util.Arrays.fill(now, 1 / Math.sqrt(total));
    double[] matrix = new double[n * n]; // of Jacobi; its diagonal is 0, the weight being even
    double before = 0;
    for (int degree = 1; degree < n; degree++) {
      double norm = 0;
      double[] next = new double[POINTS + 1];
      for (int i = 0; i <= POINTS; i++) {
        next[i] = x[i] * now[i] - before * last[i];
        norm += w[i] * next[i] * next[i];
      }
      before = Math.sqrt(norm);
      for (int i = 0; i <= POINTS; i++) {
        next[i] /= before;
      }
      matrix[degree * n + degree - 1] = before;
      matrix[(degree - 1) * n + degree] = before;
      last = now;
      now = next;
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor jacobi =
          torch.from_blob(
              new DoublePointer(matrix),
              new long[] {n, n},
              new TensorOptions().dtype(new ScalarTypeOptional(torch.ScalarType.Double)));
      T_TensorTensor_T eigen = torch.linalg_eigh(jacobi);
      double[] nodes = new double[n];
      double[] weights = new double[n];
      double[] vectors = new double[n * n];
      eigen.get0().contiguous().data_ptr_double().get(nodes);
      eigen.get1().contiguous().data_ptr_double().get(vectors);
      for (int i = 0; i < n; i++) {
        weights[i] = total * vectors[i] * vectors[i]; // of the first components
      }
      for (int i = 0; i < n / 2; i++) { // rounding must not break the symmetry
        double node = (nodes[n - 1 - i] - nodes[i]) / 2;
        double weight = (weights[n - 1 - i] + weights[i]) / 2;
        nodes[i] = -node;
        nodes[n - 1 - i] = node;
        weights[i] = weight;
        weights[n - 1 - i] = weight;
      }
      if (n % 2 == 1) {
        nodes[n / 2] = 0;
      }
      return new GaussNodes(nodes, weights, largest);
    }
  }
}
