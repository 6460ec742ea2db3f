package org.umwelt.kernels.nn;

/**
 * The learning rate of one cycle: up to its peak and down again, each along half a cosine. Smith,
 * Topin, arXiv 1708.07120, in the two-phase form of PyTorch's OneCycleLR.
 *
 * @param peak the highest rate
 * @param start share of the peak at the first step
 * @param end share of the peak at the last step
 * @param warmUp share of the steps that lead up to the peak, from 0 to 1
 * @param steps of the whole training; at least 1
 */
public record OneCycleRate(double peak, double start, double end, double warmUp, long steps) {
  /**
   * Returns the rate of a step.
   *
   * @param step from 0; steps behind the last one have its rate
   */
  public double at(long step) {
    double top = Math.max(0, warmUp * steps - 1); // where the peak is
    if (step < top) {
      return between(start, 1, step / top);
    }
    double rest = steps - 1 - top;
    return between(1, end, rest > 0 ? Math.min(1, (step - top) / rest) : 0);
  }

  private double between(double from, double to, double progress) {
    return peak * (to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2);
  }
}
