package org.umwelt.viewer.plots;

import java.util.Locale;

/**
 * Places and labels of an axis: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param first the lowest place
 * @param spacing from one to the next, above 0
 * @param count how many, at least 1
 */
public record Ticks(double first, double spacing, int count) {

  /**
   * Returns ticks between two values.
   *
   * @param low finite
   * @param high finite, above low
   * @param most how many at most, at least 2
   */
  public static Ticks between(double low, double high, int most) {
    double range = high - low;
    if (!(range > 0) || !Double.isFinite(range)) {
      return new Ticks(low, 1, 1);
    }
    double power = Math.pow(10, Math.floor(Math.log10(range / Math.max(2, most))));
    double spacing = power;
    for (double factor : new double[] {1, 2, 5, 10, 20, 50}) {
      spacing = power * factor;
      if (count(low, high, spacing) <= most) {
        break;
      }
    }
    double first = Math.ceil(low / spacing - 1e-9) * spacing;
    return new Ticks(first, spacing, Math.max(1, count(low, high, spacing)));
  }

  private static int count(double low, double high, double spacing) {
    return (int) (Math.floor(high / spacing + 1e-9) - Math.ceil(low / spacing - 1e-9)) + 1;
  }

  /** Returns the i-th place. */
  public double at(int i) {
    double value = first + i * spacing;
    return Math.abs(value) < spacing * 1e-9 ? 0 : value;
  }

  /** Returns the label of the i-th place, with as many digits as tell it from its neighbours. */
  public String label(int i) {
    return label(at(i), spacing);
  }

  private static String label(double value, double spacing) {
    if (value == 0 && (spacing >= 1 || spacing < 1e-4)) {
      return "0";
    }
    double size = Math.max(Math.abs(value), spacing);
    if (size >= 1e5) {
      return compact(value);
    }
    if (spacing < 1e-4) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int digits = Math.max(0, (int) Math.ceil(-Math.log10(spacing) - 1e-9));
    return String.format(Locale.ROOT, "%." + digits + "f", value).replace('-', '\u2212');
  }

  private static String compact(double value) {
    double size = Math.abs(value);
    if (size >= 1e12) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    double unit = size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1e3;
    String name = unit == 1e9 ? "G" : unit == 1e6 ? "M" : "k";
    return (number(value / unit) + name).replace('-', '\u2212');
  }

  /** Returns a value as people write it: up to four digits that matter, two below 1. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "\u2013";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e7) {
      return Long.toString((long) value).replace('-', '\u2212');
    }
    double size = Math.abs(value);
    String form = size >= 1 ? "%.4g" : size >= 0.1 ? "%.2f" : "%.2g";
    return String.format(Locale.ROOT, form, value).replace('-', '\u2212');
  }
}
