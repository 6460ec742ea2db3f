package org.umwelt.agents;

/**
 * What an agent's last choice came from.
 *
 * @param value return it expects from here on, discounted as in its training; NaN where it expects
 *     none
 * @param probabilities of the actions of a Discrete space, in order, summing to 1
 */
public record Insight(double value, double[] probabilities) {

  /** Returns the entropy of the distribution the action was drawn from, in nats. */
  public double entropy() {
    double sum = 0;
    for (double p : probabilities) {
      if (p > 0) {
        sum -= p * Math.log(p);
      }
    }
    return sum;
  }

  /**
   * Returns what is known where an action is drawn from softmax(logits / temperature).
   *
   * @param logits [A]
   * @param temperature at least 0; 0 for the likeliest action alone
   */
  public static Insight ofLogits(double value, float[] logits, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int a = 0; a < logits.length; a++) {
      probabilities[a] = logits[a] == largest ? 1 : Math.exp((logits[a] - largest) / temperature);
      sum += probabilities[a];
    }
    for (int a = 0; a < logits.length; a++) {
      probabilities[a] /= sum;
    }
    return new Insight(value, probabilities);
  }
}
