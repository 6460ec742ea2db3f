package org.umwelt.envs.spaces;

import java.util.List;

/**
 * One dense tensor in the layout of a space's values.
 *
 * @param path where it stands in the tree, such as {@code camera/left}; empty for the root
 * @param dtype element type
 * @param shape row-major shape of one value; empty for a scalar
 */
public record Leaf(String path, DType dtype, List<Integer> shape) {
  /** Copies the shape. */
  public Leaf {
    shape = List.copyOf(shape);
  }

  /** Returns the number of elements of one value. */
  public long elements() {
    long product = 1;
    for (int extent : shape) {
      product *= extent;
    }
    return product;
  }

  /** Returns the bytes of one value. */
  public long byteSize() {
    return elements() * dtype.bytes();
  }
}
