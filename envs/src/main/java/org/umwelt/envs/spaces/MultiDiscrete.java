package org.umwelt.envs.spaces;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * A tensor of integers, element i in start_i, ..., start_i + nvec_i - 1, held as int64.
 *
 * @param shape row-major shape
 * @param nvec how many values each element takes, row-major
 * @param start the smallest value of each element, row-major
 */
public record MultiDiscrete(List<Integer> shape, List<Long> nvec, List<Long> start)
    implements Space {
  /** Checks that sizes agree and that no element's set is empty. */
  public MultiDiscrete {
    shape = List.copyOf(shape);
    nvec = List.copyOf(nvec);
    start = List.copyOf(start);
    long elements = new Leaf("", DType.INT64, shape).elements();
    if (nvec.size() != elements || start.size() != elements) {
      throw new IllegalArgumentException(
          "expected %d entries for shape %s, got %d and %d"
              .formatted(elements, shape, nvec.size(), start.size()));
    }
    if (Collections.min(nvec) < 1) {
      throw new IllegalArgumentException("expected every n >= 1, got " + nvec);
    }
  }

  /** Returns a vector whose element i is in 0, ..., nvec_i - 1. */
  public static MultiDiscrete of(Long... nvec) {
    return new MultiDiscrete(
        List.of(nvec.length), List.of(nvec), Collections.nCopies(nvec.length, 0L));
  }

  @Override
  public List<Leaf> leaves() {
    return List.of(new Leaf("", DType.INT64, shape));
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    MemorySegment tensor = value.leaf(firstLeaf);
    for (int i = 0; i < nvec.size(); i++) {
      long number = DType.INT64.getLong(tensor, i);
      long first = start.get(i);
      if (number < first || Long.compareUnsigned(number - first, nvec.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    MemorySegment tensor = value.leaf(firstLeaf);
    for (int i = 0; i < nvec.size(); i++) {
      DType.INT64.setLong(tensor, i, start.get(i) + random.nextLong(nvec.get(i)));
    }
  }

  @Override
  public String toString() {
    return "MultiDiscrete(%s)".formatted(nvec);
  }
}
