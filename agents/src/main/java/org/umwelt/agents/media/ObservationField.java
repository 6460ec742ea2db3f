package org.umwelt.agents.media;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/**
 * Shows the observations of one space as a physical field on a plane grid.
 *
 * <p>A Box of floating-point numbers of shape [H, W] or [1, H, W] is a scalar field, one of shape
 * [2, H, W] a field of vectors: their parts to the right and down. In a Dict the part called {@code
 * field} is scalar fields of shape [n, .., H, W], shown side by side with a gap of one cell between
 * them; of more than two dimensions the first plane. H and W are at least 4.
 *
 * @param leaf which part of the observation it is
 * @param count of scalar fields shown; 1 for a field of vectors
 * @param stride numbers from one field to the next
 * @param components 1 for a scalar, 2 for a vector
 * @param fieldWidth W
 * @param fieldHeight H
 */
public record ObservationField(
    int leaf, int count, int stride, int components, int fieldWidth, int fieldHeight) {
  private static final int MINIMUM_EXTENT = 4;
  private static final String FIELDS = "field";

  /** Returns how to show observations of a space, or empty where they are no such fields. */
  public static Optional<ObservationField> of(Space observations) {
    if (observations instanceof Dict dict) {
      return dict.spaces().get(FIELDS) instanceof Box box && isReal(box)
          ? fields(dict, box)
          : Optional.empty();
    }
    if (!(observations instanceof Box box) || !isReal(box)) {
      return Optional.empty();
    }
    List<Integer> shape = box.shape();
    int axes = shape.size();
    int components = axes == 2 ? 1 : axes == 3 ? shape.getFirst() : 0;
    return components == 1 || components == 2
        ? large(0, 1, 0, components, shape)
        : Optional.empty();
  }

  private static boolean isReal(Box box) {
    return box.dtype() == DType.FLOAT32 || box.dtype() == DType.FLOAT64;
  }

  private static Optional<ObservationField> fields(Dict dict, Box box) {
    List<Integer> shape = box.shape();
    if (shape.size() < 3) {
      return Optional.empty();
    }
    int leaf = dict.firstLeaf(FIELDS);
    int stride = shape.stream().skip(1).reduce(1, Math::multiplyExact);
    return large(leaf, shape.getFirst(), stride, 1, shape);
  }

  private static Optional<ObservationField> large(
      int leaf, int count, int stride, int components, List<Integer> shape) {
    int height = shape.get(shape.size() - 2);
    int width = shape.getLast();
    return height >= MINIMUM_EXTENT && width >= MINIMUM_EXTENT
        ? Optional.of(new ObservationField(leaf, count, stride, components, width, height))
        : Optional.empty();
  }

  /** Returns how many fields stand side by side. */
  private int columns() {
    return Math.min(count, (int) Math.ceil(Math.sqrt((double) count * fieldHeight / fieldWidth)));
  }

  private int rows() {
    return (count + columns() - 1) / columns();
  }

  /** Returns the cells from left to right of all that is shown. */
  public int width() {
    return columns() * (fieldWidth + 1) - 1;
  }

  /** Returns the cells from top to bottom of all that is shown. */
  public int height() {
    return rows() * (fieldHeight + 1) - 1;
  }

  /**
   * Copies an observation.
   *
   * @param into receives {@code components * height * width} numbers, row-major; NaN between fields
   */
  public void copy(Value observation, float[] into) {
    DType dtype = observation.layout().get(leaf).dtype();
    var tensor = observation.leaf(leaf);
    int width = width();
    if (count > 1) {
      Arrays.fill(into, Float.NaN);
    }
    for (int field = 0; field < count; field++) {
      int top = field / columns() * (fieldHeight + 1);
      int left = field % columns() * (fieldWidth + 1);
      for (int line = 0; line < components * fieldHeight; line++) {
        for (int x = 0; x < fieldWidth; x++) {
          into[(top + line) * width + left + x] =
              (float) dtype.getDouble(tensor, (long) field * stride + (long) line * fieldWidth + x);
        }
      }
    }
  }
}
