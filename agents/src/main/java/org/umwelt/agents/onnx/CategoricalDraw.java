package org.umwelt.agents.onnx;

import org.umwelt.kernels.random.RandomStream;

/**
 * Draws from softmax(logits / temperature) as {@code org.umwelt.kernels.nn.Sampler} does in
 * LibTorch: from the same logits and random numbers come the same actions, but for what rounding
 * decides.
 */
final class CategoricalDraw {
  private final double temperature;
  private final float inverse;

  /**
   * Creates a draw.
   *
   * @param temperature at least 0; 0 takes the first of the likeliest and draws nothing
   */
  CategoricalDraw(double temperature) {
    this.temperature = temperature;
    this.inverse = (float) (1 / temperature);
  }

  /** Returns a class, from 0 to one less than there are logits. */
  int draw(float[] logits, RandomStream random) {
    int likeliest = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[likeliest]) {
        likeliest = i;
      }
    }
    if (temperature == 0) {
      return likeliest;
    }
    float largest = logits[likeliest] * inverse;
    float[] weights = new float[logits.length];
    float sum = 0;
    for (int i = 0; i < logits.length; i++) {
      weights[i] = (float) Math.exp(logits[i] * inverse - largest);
      sum += weights[i];
    }
    float[] sums = new float[logits.length];
    double running = 0; // as LibTorch adds up
    for (int i = 0; i < logits.length; i++) {
      running += weights[i] / sum;
      sums[i] = (float) running;
    }
    float mark = random.nextFloat() * sums[logits.length - 1]; // in [0, the whole sum)
    int below = 0; // how many classes lie wholly below the mark
    for (float each : sums) {
      if (each <= mark) {
        below++;
      }
    }
    return Math.min(below, logits.length - 1);
  }
}
