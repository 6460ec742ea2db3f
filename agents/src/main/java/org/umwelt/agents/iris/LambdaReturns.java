package org.umwelt.agents.iris;

/**
 * Lambda-returns of an imagined rollout: eq. (4) of the paper (from DreamerV2, arXiv 2010.02193).
 */
final class LambdaReturns {
  private LambdaReturns() {}

  /**
   * Computes G_t = r_t + gamma (1 - d_t) ((1 - lambda) v_{t+1} + lambda G_{t+1}), from G_{T-1} =
   * v_{T-1}.
   *
   * @param rewards r, length T; the last is not used
   * @param values v, length T
   * @param ends d, length T; the last is not used
   * @return G, length T
   */
  static double[] of(
      double[] rewards, double[] values, boolean[] ends, double gamma, double lambda) {
    int last = values.length - 1;
    double[] returns = new double[values.length];
    returns[last] = values[last];
    for (int t = last - 1; t >= 0; t--) {
      double next = (1 - lambda) * values[t + 1] + lambda * returns[t + 1];
      returns[t] = rewards[t] + (ends[t] ? 0 : gamma * next);
    }
    return returns;
  }
}
