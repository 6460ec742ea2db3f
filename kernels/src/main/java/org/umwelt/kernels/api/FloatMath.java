package org.umwelt.kernels.api;

/** Functions of float32 that every back end has. */
public final class FloatMath {
  private FloatMath() {}

  /** Returns e to the power of x. */
  public static float exp(float x) {
    return (float) Math.exp(x);
  }

  /** Returns the natural logarithm of x. */
  public static float log(float x) {
    return (float) Math.log(x);
  }

  /** Returns the square root of x. */
  public static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  /** Returns the sine of x. */
  public static float sin(float x) {
    return (float) Math.sin(x);
  }

  /** Returns the cosine of x. */
  public static float cos(float x) {
    return (float) Math.cos(x);
  }

  /** Returns the hyperbolic tangent of x. */
  public static float tanh(float x) {
    return (float) Math.tanh(x);
  }

  /** Returns x to the power of y. */
  public static float pow(float x, float y) {
    return (float) Math.pow(x, y);
  }

  /** Returns the larger one. */
  public static float max(float x, float y) {
    return Math.max(x, y);
  }

  /** Returns the smaller one. */
  public static float min(float x, float y) {
    return Math.min(x, y);
  }
}
