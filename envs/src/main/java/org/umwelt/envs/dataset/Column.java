package org.umwelt.envs.dataset;

import java.util.List;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Leaf;

/**
 * One column of an episode's table.
 *
 * @param path such as {@code observations/camera/left} or {@code rewards}
 * @param dtype element type
 * @param shape row-major shape of one row
 * @param ofObservations whether it has a row for the reset too, T + 1 in all
 */
record Column(String path, DType dtype, List<Integer> shape, boolean ofObservations) {
  static Column of(String root, Leaf leaf, boolean ofObservations) {
    return new Column(
        leaf.path().isEmpty() ? root : root + "/" + leaf.path(),
        leaf.dtype(),
        leaf.shape(),
        ofObservations);
  }

  /** Returns the bytes of one row in memory. */
  int rowBytes() {
    return Math.toIntExact(new Leaf(path, dtype, shape).byteSize());
  }

  /** Returns the elements of one row. */
  int elements() {
    return rowBytes() / dtype.bytes();
  }

  int rows(int steps) {
    return ofObservations ? steps + 1 : steps;
  }
}
