package org.umwelt.viewer.plots;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Places and labels of a logarithmic axis: powers of ten, or round numbers where few of them fit.
 */
final class LogTicks {
  private static final double DECADES = 1.2;
  private static final MathContext DIGITS = new MathContext(4);

  private LogTicks() {}

  /**
   * Returns ticks between two values.
   *
   * @param low common logarithm of the lowest value
   * @param high that of the highest, above low
   * @param most how many at most, at least 2
   * @return the values themselves, ascending
   */
  static double[] between(double low, double high, int most) {
    if (high - low < DECADES) {
      Ticks linear = Ticks.between(Math.pow(10, low), Math.pow(10, high), most);
      return IntStream.range(0, linear.count())
          .mapToDouble(linear::at)
          .filter(value -> value > 0)
          .toArray();
    }
    int first = (int) Math.ceil(low - 1e-9);
    int last = (int) Math.floor(high + 1e-9);
    int stride = Math.max(1, (int) Math.ceil((last - first + 1.0) / most));
    double[] powers =
        IntStream.rangeClosed(first - 1, last)
            .filter(power -> Math.floorMod(power, stride) == 0)
            .mapToDouble(power -> Math.pow(10, power))
            .toArray();
    double[] halves =
        Arrays.stream(powers).flatMap(power -> DoubleStream.of(power, 3 * power)).toArray();
    double[] all = stride == 1 && 2 * (last - first + 1) <= most ? halves : powers;
    return Arrays.stream(all)
        .filter(value -> Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9)
        .toArray();
  }

  /** Returns a value above 0 as it stands at the axis. */
  static String label(double value) {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    if (value >= 1e-3 && value < 1e5) {
      return rounded.toPlainString();
    }
    int power = rounded.precision() - rounded.scale() - 1;
    return (rounded.movePointLeft(power).toPlainString() + "e" + power).replace('-', '\u2212');
  }
}
