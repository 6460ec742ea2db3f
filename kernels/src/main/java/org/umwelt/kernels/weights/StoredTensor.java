package org.umwelt.kernels.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * A tensor as it lies in a file: contiguous, row-major, little-endian.
 *
 * <p>The data of tensors that were read is native memory, which lives as long as something refers
 * to it; that of a safetensors file is the mapped file itself. Two tensors are equal when type,
 * shape and every bit of the data are.
 *
 * @param type type of the elements
 * @param shape dimensions, outermost first; empty for a scalar
 * @param data the elements, read-only
 */
public record StoredTensor(ElementType type, List<Long> shape, MemorySegment data) {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE);
  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;

  /** Checks that the data has the length that type and shape give. */
  public StoredTensor {
    shape = List.copyOf(shape);
    if (shape.stream().anyMatch(dimension -> dimension < 0)) {
      throw new IllegalArgumentException("expected no negative dimension, got " + shape);
    }
    if (data.byteSize() != type.bytes(shape)) {
      throw new IllegalArgumentException(
          "expected %d bytes for %s %s, got %d"
              .formatted(type.bytes(shape), type, shape, data.byteSize()));
    }
    data = data.asReadOnly();
  }

  /** Returns an F32 tensor with a copy of the values. */
  public static StoredTensor of(float[] values, long... shape) {
    MemorySegment data = allocate((long) values.length * Float.BYTES);
    MemorySegment.copy(values, 0, data, F32, 0, values.length);
    return new StoredTensor(ElementType.F32, boxed(shape), data);
  }

  /** Returns an I64 tensor with a copy of the values. */
  public static StoredTensor of(long[] values, long... shape) {
    MemorySegment data = allocate((long) values.length * Long.BYTES);
    MemorySegment.copy(values, 0, data, I64, 0, values.length);
    return new StoredTensor(ElementType.I64, boxed(shape), data);
  }

  /** Returns native memory of zeros that lives as long as something refers to it. */
  static MemorySegment allocate(long bytes) {
    return Arena.ofAuto().allocate(bytes, Long.BYTES);
  }

  /** Returns the number of elements. */
  public long elements() {
    return data.byteSize() / type.bytes();
  }

  /**
   * Returns the elements of a floating-point tensor; F64 is rounded, the others are exact.
   *
   * @throws BadRequestException where the elements are integers or truth values
   */
  public float[] toFloats() {
    float[] values = new float[length()];
    if (type == ElementType.F32) {
      MemorySegment.copy(data, F32, 0, values, 0, values.length);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case F64 -> (float) data.getAtIndex(F64, i);
            case F16 -> Float.float16ToFloat(data.getAtIndex(I16, i));
            case BF16 -> Float.intBitsToFloat(data.getAtIndex(I16, i) << Short.SIZE);
            default ->
                throw new BadRequestException("expected floating-point numbers, found " + this);
          };
    }
    return values;
  }

  /**
   * Returns the elements of a tensor of integers or truth values (0 and 1).
   *
   * @throws BadRequestException where the elements are floating-point numbers
   */
  public long[] toLongs() {
    long[] values = new long[length()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case I64 -> data.getAtIndex(I64, i);
            case I32 -> data.getAtIndex(I32, i);
            case I16 -> data.getAtIndex(I16, i);
            case I8 -> data.get(I8, i);
            case U8 -> Byte.toUnsignedInt(data.get(I8, i));
            case BOOL -> data.get(I8, i) == 0 ? 0 : 1;
            default -> throw new BadRequestException("expected integers, found " + this);
          };
    }
    return values;
  }

  private int length() {
    if (elements() > Integer.MAX_VALUE) {
      throw new IllegalStateException("a Java array cannot hold " + this);
    }
    return (int) elements();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StoredTensor(ElementType itsType, List<Long> itsShape, var itsData)
        && type == itsType
        && shape.equals(itsShape)
        && data.mismatch(itsData) == -1;
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, shape);
  }

  /** Returns type and shape, such as {@code F32 [64, 3, 3, 3]}. */
  @Override
  public String toString() {
    return type + " " + shape;
  }

  private static List<Long> boxed(long[] shape) {
    return Arrays.stream(shape).boxed().toList();
  }
}
