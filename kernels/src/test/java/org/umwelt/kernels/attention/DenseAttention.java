package org.umwelt.kernels.attention;

/** Attention by the definition, every pair in a matrix. Row-major arrays, as the kernels take. */
record DenseAttention(boolean[][] seen, int size, int valueSize, double scale) {
  /** Softmax over what each query sees, [N_q][N_k]; rows that see nothing are 0. */
  private double[][] weights(double[] q, double[] k) {
    double[][] p = new double[seen.length][];
    for (int i = 0; i < seen.length; i++) {
      p[i] = new double[seen[i].length];
      double max = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < p[i].length; j++) {
        for (int c = 0; c < size; c++) {
          p[i][j] += scale * q[i * size + c] * k[j * size + c];
        }
        max = seen[i][j] ? Math.max(max, p[i][j]) : max;
      }
      double sum = 0;
      for (int j = 0; j < p[i].length; j++) {
        p[i][j] = seen[i][j] ? Math.exp(p[i][j] - max) : 0;
        sum += p[i][j];
      }
      for (int j = 0; j < p[i].length && sum > 0; j++) {
        p[i][j] /= sum;
      }
    }
    return p;
  }

  double[] forward(double[] q, double[] k, double[] v) {
    double[][] p = weights(q, k);
    double[] output = new double[p.length * valueSize];
    for (int i = 0; i < p.length; i++) {
      for (int j = 0; j < p[i].length; j++) {
        for (int c = 0; c < valueSize; c++) {
          output[i * valueSize + c] += p[i][j] * v[j * valueSize + c];
        }
      }
    }
    return output;
  }

  PlainAttention.Gradients backward(double[] q, double[] k, double[] v, double[] gradient) {
    double[][] p = weights(q, k);
    PlainAttention.Gradients all =
        new PlainAttention.Gradients(
            new double[q.length], new double[k.length], new double[v.length]);
    for (int i = 0; i < p.length; i++) {
      double[] dp = new double[p[i].length];
      double mean = 0;
      for (int j = 0; j < dp.length; j++) {
        for (int c = 0; c < valueSize; c++) {
          dp[j] += gradient[i * valueSize + c] * v[j * valueSize + c];
          all.values()[j * valueSize + c] += p[i][j] * gradient[i * valueSize + c];
        }
        mean += p[i][j] * dp[j];
      }
      for (int j = 0; j < dp.length; j++) {
        double ds = scale * p[i][j] * (dp[j] - mean);
        for (int c = 0; c < size; c++) {
          all.queries()[i * size + c] += ds * k[j * size + c];
          all.keys()[j * size + c] += ds * q[i * size + c];
        }
      }
    }
    return all;
  }
}
