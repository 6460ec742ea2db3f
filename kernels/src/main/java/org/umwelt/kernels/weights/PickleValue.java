package org.umwelt.kernels.weights;

import java.util.List;
import java.util.SequencedMap;

/**
 * What can stand on the stack of a {@link PickleMachine}.
 *
 * <p>Hostile pickles build values that contain themselves, so nothing here is compared, hashed or
 * printed whole.
 */
sealed interface PickleValue
    permits PickleGlobal,
        PickleValue.Mark,
        PickleValue.Text,
        PickleValue.Whole,
        PickleValue.Real,
        PickleValue.Truth,
        PickleValue.Tuple,
        PickleValue.Dict,
        PickleValue.Storage,
        PickleValue.View {
  /** Beginning of a list of values. */
  enum Mark implements PickleValue {
    MARK
  }

  record Text(String text) implements PickleValue {}

  record Whole(long number) implements PickleValue {}

  record Real(double number) implements PickleValue {}

  record Truth(boolean value) implements PickleValue {}

  record Tuple(List<PickleValue> items) implements PickleValue {}

  /** A dict or OrderedDict, which the machine fills. */
  record Dict(SequencedMap<String, PickleValue> items) implements PickleValue {}

  /**
   * A storage of the archive, not yet read.
   *
   * @param key its name in the archive
   */
  record Storage(ElementType type, String key, long elements) implements PickleValue {}

  /** A view of a storage; offset and strides in elements. */
  record View(Storage storage, long offset, List<Long> size, List<Long> stride)
      implements PickleValue {}

  /** Returns what a value is, for messages. */
  default String kind() {
    return switch (this) {
      case Mark _ -> "a mark";
      case Text _ -> "text";
      case Whole _ -> "an int";
      case Real _ -> "a float";
      case Truth _ -> "a bool";
      case Tuple _ -> "a tuple";
      case Dict _ -> "a dict";
      case Storage _ -> "a storage";
      case View _ -> "a tensor";
      case PickleGlobal global -> "GLOBAL " + global;
    };
  }
}
