package org.umwelt.envs.spaces;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Element types, named as in NumPy; multi-byte elements are in native byte order. */
public enum DType {
  /** One byte, 0 or 1. */
  BOOL("bool", 1, 0, 1),
  /** Unsigned 8-bit integer. */
  UINT8("uint8", 1, 0, 255),
  /** Signed 8-bit integer. */
  INT8("int8", 1, Byte.MIN_VALUE, Byte.MAX_VALUE),
  /** Unsigned 16-bit integer. */
  UINT16("uint16", 2, 0, 65535),
  /** Signed 16-bit integer. */
  INT16("int16", 2, Short.MIN_VALUE, Short.MAX_VALUE),
  /** Unsigned 32-bit integer. */
  UINT32("uint32", 4, 0, 4294967295.0),
  /** Signed 32-bit integer. */
  INT32("int32", 4, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** Unsigned 64-bit integer; values of 2^63 and more are not supported. */
  UINT64("uint64", 8, 0, Long.MAX_VALUE),
  /** Signed 64-bit integer. */
  INT64("int64", 8, Long.MIN_VALUE, Long.MAX_VALUE),
  /** IEEE 754 binary16. */
  FLOAT16("float16", 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
  /** IEEE 754 binary32. */
  FLOAT32("float32", 4, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
  /** IEEE 754 binary64. */
  FLOAT64("float64", 8, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  private final String numpyName;
  private final int bytes;
  private final double minimum;
  private final double maximum;

  DType(String numpyName, int bytes, double minimum, double maximum) {
    this.numpyName = numpyName;
    this.bytes = bytes;
    this.minimum = minimum;
    this.maximum = maximum;
  }

  /** Returns NumPy's name, such as {@code uint8}. */
  public String numpyName() {
    return numpyName;
  }

  /** Returns the size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** Returns the smallest value an element can take; -inf for floats. */
  public double minimum() {
    return minimum;
  }

  /** Returns the largest value an element can take; +inf for floats. */
  public double maximum() {
    return maximum;
  }

  /** Returns whether this is a floating-point type. */
  public boolean isFloat() {
    return this == FLOAT16 || this == FLOAT32 || this == FLOAT64;
  }

  /** Returns the type with NumPy's name. */
  public static DType of(String numpyName) {
    for (DType type : values()) {
      if (type.numpyName.equals(numpyName)) {
        return type;
      }
    }
    throw new IllegalArgumentException("expected a NumPy dtype such as uint8, got " + numpyName);
  }

  /** Returns element {@code index} as a double; 64-bit integers beyond 2^53 lose digits. */
  public double getDouble(MemorySegment tensor, long index) {
    return switch (this) {
      case FLOAT16 -> Float.float16ToFloat(tensor.get(SHORT, index * 2));
      case FLOAT32 -> tensor.get(FLOAT, index * 4);
      case FLOAT64 -> tensor.get(DOUBLE, index * 8);
      default -> getLong(tensor, index);
    };
  }

  /** Returns element {@code index} as a long; floats are truncated. */
  public long getLong(MemorySegment tensor, long index) {
    return switch (this) {
      case BOOL, INT8 -> tensor.get(ValueLayout.JAVA_BYTE, index);
      case UINT8 -> tensor.get(ValueLayout.JAVA_BYTE, index) & 0xFF;
      case UINT16 -> tensor.get(SHORT, index * 2) & 0xFFFF;
      case INT16 -> tensor.get(SHORT, index * 2);
      case UINT32 -> tensor.get(INT, index * 4) & 0xFFFFFFFFL;
      case INT32 -> tensor.get(INT, index * 4);
      case UINT64, INT64 -> tensor.get(LONG, index * 8);
      case FLOAT16, FLOAT32, FLOAT64 -> (long) getDouble(tensor, index);
    };
  }

  /** Stores a double at element {@code index}; integers are truncated, not range-checked. */
  public void setDouble(MemorySegment tensor, long index, double value) {
    switch (this) {
      case FLOAT16 -> tensor.set(SHORT, index * 2, Float.floatToFloat16((float) value));
      case FLOAT32 -> tensor.set(FLOAT, index * 4, (float) value);
      case FLOAT64 -> tensor.set(DOUBLE, index * 8, value);
      default -> setLong(tensor, index, (long) value);
    }
  }

  /** Stores a long at element {@code index}, not range-checked. */
  public void setLong(MemorySegment tensor, long index, long value) {
    switch (this) {
      case BOOL, INT8, UINT8 -> tensor.set(ValueLayout.JAVA_BYTE, index, (byte) value);
      case INT16, UINT16 -> tensor.set(SHORT, index * 2, (short) value);
      case INT32, UINT32 -> tensor.set(INT, index * 4, (int) value);
      case INT64, UINT64 -> tensor.set(LONG, index * 8, value);
      case FLOAT16, FLOAT32, FLOAT64 -> setDouble(tensor, index, value);
    }
  }
}
