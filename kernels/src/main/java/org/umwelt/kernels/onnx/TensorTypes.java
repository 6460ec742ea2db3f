package org.umwelt.kernels.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Optional;
import org.umwelt.kernels.weights.ElementType;

/** Element types as ONNX numbers them. */
final class TensorTypes {
  private TensorTypes() {}

  static int number(ElementType type) {
    DataType number =
        switch (type) {
          case I64 -> DataType.INT64;
          case F64 -> DataType.DOUBLE;
          case F32 -> DataType.FLOAT;
          case I32 -> DataType.INT32;
          case BF16 -> DataType.BFLOAT16;
          case F16 -> DataType.FLOAT16;
          case I16 -> DataType.INT16;
          case I8 -> DataType.INT8;
          case U8 -> DataType.UINT8;
          case BOOL -> DataType.BOOL;
        };
    return number.getNumber();
  }

  /** Returns the type of a number; empty where there is no such {@link ElementType}. */
  static Optional<ElementType> of(int number) {
    for (ElementType type : ElementType.values()) {
      if (number(type) == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Returns ONNX's name of a number, for messages. */
  static String name(int number) {
    DataType type = DataType.forNumber(number);
    return type == null ? "type " + number : type.name();
  }
}
