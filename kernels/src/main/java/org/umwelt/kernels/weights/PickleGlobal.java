package org.umwelt.kernels.weights;

import org.jspecify.annotations.Nullable;

/** The names that a state dict's pickle may refer to; they stand for themselves, none is loaded. */
enum PickleGlobal implements PickleValue {
  ORDERED_DICT("collections.OrderedDict", null),
  REBUILD_TENSOR("torch._utils._rebuild_tensor_v2", null),
  REBUILD_PARAMETER("torch._utils._rebuild_parameter", null),
  DOUBLE_STORAGE("torch.DoubleStorage", ElementType.F64),
  FLOAT_STORAGE("torch.FloatStorage", ElementType.F32),
  HALF_STORAGE("torch.HalfStorage", ElementType.F16),
  BFLOAT16_STORAGE("torch.BFloat16Storage", ElementType.BF16),
  LONG_STORAGE("torch.LongStorage", ElementType.I64),
  INT_STORAGE("torch.IntStorage", ElementType.I32),
  SHORT_STORAGE("torch.ShortStorage", ElementType.I16),
  CHAR_STORAGE("torch.CharStorage", ElementType.I8),
  BYTE_STORAGE("torch.ByteStorage", ElementType.U8),
  BOOL_STORAGE("torch.BoolStorage", ElementType.BOOL);

  private final String qualifiedName;
  private final @Nullable ElementType elements;

  PickleGlobal(String qualifiedName, @Nullable ElementType elements) {
    this.qualifiedName = qualifiedName;
    this.elements = elements;
  }

  /** Returns the global of this name, or null where it is not one of these. */
  static @Nullable PickleGlobal find(String module, String name) {
    for (PickleGlobal global : values()) {
      // Which of the dots parts module and name matters: torch and _utils.f are not torch._utils.f.
      if (!name.contains(".") && global.qualifiedName.equals(module + "." + name)) {
        return global;
      }
    }
    return null;
  }

  /** Returns the type of a storage's elements, or null where this is no storage. */
  @Nullable ElementType elements() {
    return elements;
  }

  @Override
  public String toString() {
    return qualifiedName;
  }
}
