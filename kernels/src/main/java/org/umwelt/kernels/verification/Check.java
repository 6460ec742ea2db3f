package org.umwelt.kernels.verification;

/**
 * One quantity compared with its oracle.
 *
 * @param quantity what is compared, unique within its verification
 * @param expected the oracle's value
 * @param found our value
 * @param tolerance how far apart they may be, in words or figures; {@code exact} for none
 * @param passed whether they agree
 */
public record Check(
    String quantity, String expected, String found, String tolerance, boolean passed) {

  /** Compares two values that must be equal. */
  public static Check exact(String quantity, Object expected, Object found) {
    return new Check(
        quantity, String.valueOf(expected), String.valueOf(found), "exact", expected.equals(found));
  }

  /** Compares two numbers that may differ by {@code tolerance} either way. */
  public static Check within(String quantity, double expected, double found, double tolerance) {
    return new Check(
        quantity,
        Double.toString(expected),
        Double.toString(found),
        Double.toString(tolerance),
        Math.abs(expected - found) <= tolerance);
  }
}
