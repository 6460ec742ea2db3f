package org.umwelt.envs.spaces;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * A tensor of zeros and ones, held as int8.
 *
 * @param shape row-major shape
 */
public record MultiBinary(List<Integer> shape) implements Space {
  /** Copies the shape. */
  public MultiBinary {
    shape = List.copyOf(shape);
  }

  @Override
  public List<Leaf> leaves() {
    return List.of(new Leaf("", DType.INT8, shape));
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    MemorySegment tensor = value.leaf(firstLeaf);
    for (long i = 0; i < tensor.byteSize(); i++) {
      long element = DType.INT8.getLong(tensor, i);
      if (element != 0 && element != 1) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    MemorySegment tensor = value.leaf(firstLeaf);
    for (long i = 0; i < tensor.byteSize(); i++) {
      DType.INT8.setLong(tensor, i, random.nextInt(2));
    }
  }

  @Override
  public String toString() {
    return "MultiBinary(%s)".formatted(shape);
  }
}
