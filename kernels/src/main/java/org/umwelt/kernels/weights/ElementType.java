package org.umwelt.kernels.weights;

/**
 * Type of a stored tensor's elements, under its name in safetensors.
 *
 * <p>The order is the one in which safetensors' own writer lays tensors out: never a narrow type
 * before a wider one, so that every tensor of a file begins at a multiple of its element size.
 */
public enum ElementType {
  /** Signed integers of 64 bits. */
  I64(Long.BYTES),
  /** IEEE 754 binary64. */
  F64(Double.BYTES),
  /** IEEE 754 binary32. */
  F32(Float.BYTES),
  /** Signed integers of 32 bits. */
  I32(Integer.BYTES),
  /** The upper half of a binary32: 8 bits of exponent, 7 of fraction. */
  BF16(Short.BYTES),
  /** IEEE 754 binary16. */
  F16(Short.BYTES),
  /** Signed integers of 16 bits. */
  I16(Short.BYTES),
  /** Signed integers of 8 bits. */
  I8(Byte.BYTES),
  /** Unsigned integers of 8 bits. */
  U8(Byte.BYTES),
  /** Truth values, a byte each: 0 or 1. */
  BOOL(Byte.BYTES);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the size of an element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns whether elements are floating-point numbers. */
  public boolean isFloat() {
    return switch (this) {
      case F64, F32, BF16, F16 -> true;
      default -> false;
    };
  }

  /**
   * Returns the size in bytes of a tensor of this shape.
   *
   * @throws ArithmeticException where that, or the product of the dimensions on the way, exceeds a
   *     long
   */
  long bytes(Iterable<Long> shape) {
    long product = bytes;
    for (long dimension : shape) {
      product = Math.multiplyExact(product, dimension);
    }
    return product;
  }
}
