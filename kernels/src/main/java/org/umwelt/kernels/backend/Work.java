package org.umwelt.kernels.backend;

/**
 * How much a kernel does in one call.
 *
 * @param x work items of a range, or groups in the first dimension
 * @param y groups in the second dimension
 * @param groupX work items of a group in the first dimension; 0 for a range
 * @param groupY in the second
 */
public record Work(int x, int y, int groupX, int groupY) {
  /** Checks the sizes. */
  public Work {
    if (x < 0 || y < 0 || groupX < 0 || groupY < 1) {
      throw new IllegalArgumentException(
          "expected sizes of work that are not negative, got %d, %d, %d, %d"
              .formatted(x, y, groupX, groupY));
    }
  }

  /** Returns a range from 0 to a number. */
  public static Work range(int count) {
    return new Work(count, 1, 0, 1);
  }

  /** Returns groups in one dimension. */
  public static Work groups(int groups, int size) {
    return new Work(groups, 1, size, 1);
  }

  /** Returns groups in two dimensions. */
  public static Work groups(int groupsX, int groupsY, int sizeX, int sizeY) {
    return new Work(groupsX, groupsY, sizeX, sizeY);
  }

  /** Returns whether these are groups. */
  public boolean grouped() {
    return groupX > 0;
  }
}
