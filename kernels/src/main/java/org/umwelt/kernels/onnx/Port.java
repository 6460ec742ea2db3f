package org.umwelt.kernels.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.umwelt.kernels.weights.ElementType;

/**
 * An input or output of a model.
 *
 * @param name as callers name it
 * @param type type of the elements
 * @param shape dimensions, outermost first: a number, or the name of one that callers choose
 */
public record Port(String name, ElementType type, List<String> shape) {
  /** Copies the shape. */
  public Port {
    shape = List.copyOf(shape);
  }

  /** Returns a port; dimensions are numbers or names. */
  public static Port of(String name, ElementType type, Object... shape) {
    return new Port(name, type, Arrays.stream(shape).map(String::valueOf).toList());
  }

  /** Returns a dimension; empty where callers choose it. */
  public OptionalLong size(int dimension) {
    String text = shape.get(dimension);
    return !text.isEmpty() && text.chars().allMatch(Character::isDigit) && text.length() < 19
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  /** Returns type and shape, such as {@code F32 [batch, 3]}. */
  public String description() {
    return type + " " + shape;
  }
}
