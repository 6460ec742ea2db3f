package org.umwelt.envs.spaces;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * A box in R^n: a tensor whose elements lie between bounds, which may be infinite.
 *
 * @param dtype element type
 * @param shape row-major shape; empty for a scalar
 * @param low lower bounds, one for all elements or one per element
 * @param high upper bounds (inclusive), one for all elements or one per element
 */
public record Box(DType dtype, List<Integer> shape, List<Double> low, List<Double> high)
    implements Space {

  /** Checks that there are as many bounds as elements, or one, and that low <= high. */
  public Box {
    shape = List.copyOf(shape);
    long elements = new Leaf("", dtype, shape).elements();
    if ((low.size() != 1 && low.size() != elements)
        || (high.size() != 1 && high.size() != elements)) {
      throw new IllegalArgumentException(
          "expected 1 or %d bounds for shape %s, got %d and %d"
              .formatted(elements, shape, low.size(), high.size()));
    }
    low = compact(low);
    high = compact(high);
    for (int i = 0; i < Math.max(low.size(), high.size()); i++) {
      double lowest = low.get(low.size() == 1 ? 0 : i);
      double highest = high.get(high.size() == 1 ? 0 : i);
      if (!(lowest <= highest)) {
        throw new IllegalArgumentException(
            "expected low <= high at element %d, got %s and %s".formatted(i, lowest, highest));
      }
    }
  }

  /** Returns a box with one pair of bounds for all elements. */
  public static Box of(DType dtype, double low, double high, Integer... shape) {
    return new Box(dtype, List.of(shape), List.of(low), List.of(high));
  }

  /** Returns the space of pictures: uint8 in [0, 255]. */
  public static Box image(Integer... shape) {
    return of(DType.UINT8, 0, 255, shape);
  }

  private static List<Double> compact(List<Double> bounds) {
    return bounds.size() > 1 && Collections.frequency(bounds, bounds.getFirst()) == bounds.size()
        ? List.of(bounds.getFirst())
        : List.copyOf(bounds);
  }

  /** Returns the lower bound of an element. */
  public double low(int element) {
    return low.get(low.size() == 1 ? 0 : element);
  }

  /** Returns the upper bound of an element. */
  public double high(int element) {
    return high.get(high.size() == 1 ? 0 : element);
  }

  /**
   * Returns whether Minari and Gymnasium would take values for pictures: uint8 in [0, 255], at
   * least 32 by 32.
   */
  public boolean isImage() {
    return dtype == DType.UINT8
        && (shape.size() == 2 || shape.size() == 3)
        && shape.get(0) >= 32
        && shape.get(1) >= 32
        && low.equals(List.of(0.0))
        && high.equals(List.of(255.0));
  }

  @Override
  public List<Leaf> leaves() {
    return List.of(new Leaf("", dtype, shape));
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    MemorySegment tensor = value.leaf(firstLeaf);
    int elements = Math.toIntExact(tensor.byteSize() / dtype.bytes());
    for (int i = 0; i < elements; i++) {
      double element = dtype.getDouble(tensor, i);
      if (!(element >= low(i) && element <= high(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    MemorySegment tensor = value.leaf(firstLeaf);
    int elements = Math.toIntExact(tensor.byteSize() / dtype.bytes());
    for (int i = 0; i < elements; i++) {
      dtype.setDouble(tensor, i, sample(random, low(i), high(i)));
    }
  }

  private double sample(RandomStream random, double lowest, double highest) {
    if (Double.isInfinite(lowest) && Double.isInfinite(highest)) {
      return random.nextGaussian();
    }
    if (Double.isInfinite(highest)) {
      return lowest + random.nextExponential();
    }
    if (Double.isInfinite(lowest)) {
      return highest - random.nextExponential();
    }
    return dtype.isFloat()
        ? lowest + (highest - lowest) * random.nextDouble()
        : Math.floor(lowest + (highest - lowest + 1) * random.nextDouble());
  }

  @Override
  public String toString() {
    return "Box(%s, %s, %s, %s)".formatted(bounds(low), bounds(high), shape, dtype.numpyName());
  }

  private static String bounds(List<Double> bounds) {
    return bounds.size() == 1
        ? bounds.getFirst().toString()
        : Arrays.asList(Collections.min(bounds), Collections.max(bounds)).toString();
  }
}
