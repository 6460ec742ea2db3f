package org.umwelt.agents.media;

import java.util.ArrayList;
import java.util.List;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;

/**
 * One number of the values of a space, as a column of a table.
 *
 * @param name such as {@code lives}, {@code position[1]} or {@code camera.angle}
 * @param leaf where it stands
 * @param element where in the leaf, row-major
 * @param dtype its type
 */
public record NumberColumn(String name, int leaf, int element, DType dtype) {
  /** Tensors with more elements are no columns. */
  private static final int MAXIMUM_ELEMENTS = 64;

  /**
   * Returns the columns of a space: all its numbers but text and tensors of more than 64 elements.
   *
   * @param name of the whole; may be empty for a Dict, whose keys then stand alone
   */
  public static List<NumberColumn> of(String name, Space space) {
    List<NumberColumn> columns = new ArrayList<>();
    collect(name, space, 0, columns);
    return columns;
  }

  private static void collect(String name, Space space, int leaf, List<NumberColumn> columns) {
    switch (space) {
      case Text _ -> {}
      case Dict dict -> {
        int next = leaf;
        for (var part : dict.spaces().entrySet()) {
          collect(
              name.isEmpty() ? part.getKey() : name + "." + part.getKey(),
              part.getValue(),
              next,
              columns);
          next += part.getValue().leaves().size();
        }
      }
      case Tuple tuple -> {
        int next = leaf;
        for (int i = 0; i < tuple.spaces().size(); i++) {
          collect(name + "[" + i + "]", tuple.spaces().get(i), next, columns);
          next += tuple.spaces().get(i).leaves().size();
        }
      }
      default -> {
        Leaf only = space.leaves().getFirst();
        for (int i = 0; i < only.elements() && only.elements() <= MAXIMUM_ELEMENTS; i++) {
          String column = only.shape().isEmpty() ? name : name + "[" + i + "]";
          columns.add(new NumberColumn(column, leaf, i, only.dtype()));
        }
      }
    }
  }

  /** Returns the number of a value, as short as it can be read back exactly. */
  public String text(Value value) {
    return text(dtype, value, leaf, element);
  }

  static String text(DType dtype, Value value, int leaf, int element) {
    return switch (dtype) {
      case FLOAT64 -> Double.toString(dtype.getDouble(value.leaf(leaf), element));
      case FLOAT16, FLOAT32 -> Float.toString((float) dtype.getDouble(value.leaf(leaf), element));
      default -> Long.toString(dtype.getLong(value.leaf(leaf), element));
    };
  }
}
