package org.umwelt.agents.media;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/**
 * Shows the observations of one space as a physical field on a plane grid.
 *
 * <p>A Box of floating-point numbers of shape [H, W] or [1, H, W] is a scalar field, one of shape
 * [2, H, W] a field of vectors: their parts to the right and down. H and W are at least 4.
 *
 * @param components 1 for a scalar, 2 for a vector
 * @param width W
 * @param height H
 */
public record ObservationField(int components, int width, int height) {
  private static final int MINIMUM_EXTENT = 4;

  /** Returns how to show observations of a space, or empty where they are no such fields. */
  public static Optional<ObservationField> of(Space observations) {
    if (!(observations instanceof Box box)
        || (box.dtype() != DType.FLOAT32 && box.dtype() != DType.FLOAT64)) {
      return Optional.empty();
    }
    List<Integer> shape = box.shape();
    int axes = shape.size();
    int components = axes == 2 ? 1 : axes == 3 ? shape.getFirst() : 0;
    if (components != 1 && components != 2) {
      return Optional.empty();
    }
    int height = shape.get(axes - 2);
    int width = shape.get(axes - 1);
    return height >= MINIMUM_EXTENT && width >= MINIMUM_EXTENT
        ? Optional.of(new ObservationField(components, width, height))
        : Optional.empty();
  }

  /**
   * Copies an observation.
   *
   * @param into receives {@code components * height * width} numbers, row-major
   */
  public void copy(Value observation, float[] into) {
    DType dtype = observation.layout().getFirst().dtype();
    MemorySegment tensor = observation.tensor();
    for (int i = 0; i < components * width * height; i++) {
      into[i] = (float) dtype.getDouble(tensor, i);
    }
  }
}
