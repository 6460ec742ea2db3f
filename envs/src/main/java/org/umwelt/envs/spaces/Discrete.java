package org.umwelt.envs.spaces;

import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * The integers start, ..., start + n - 1, held as one int64.
 *
 * @param n how many; at least 1
 * @param start the smallest
 */
public record Discrete(long n, long start) implements Space {
  /** Checks that the set is not empty. */
  public Discrete {
    if (n < 1) {
      throw new IllegalArgumentException("expected n >= 1, got " + n);
    }
  }

  /** Returns the integers 0, ..., n - 1. */
  public static Discrete of(long n) {
    return new Discrete(n, 0);
  }

  @Override
  public List<Leaf> leaves() {
    return List.of(new Leaf("", DType.INT64, List.of()));
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    return contains(DType.INT64.getLong(value.leaf(firstLeaf), 0));
  }

  /** Returns whether the number lies in this space. */
  public boolean contains(long number) {
    return number >= start && Long.compareUnsigned(number - start, n) < 0;
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    DType.INT64.setLong(value.leaf(firstLeaf), 0, start + random.nextLong(n));
  }

  @Override
  public String toString() {
    return start == 0 ? "Discrete(%d)".formatted(n) : "Discrete(%d, start=%d)".formatted(n, start);
  }
}
