package org.umwelt.envs.spaces;

import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * A set of values with a fixed memory layout: what observations, actions and infos are elements of.
 *
 * <p>Semantics and names are Gymnasium's. Spaces are immutable and compare by value.
 */
public sealed interface Space permits Box, Discrete, MultiDiscrete, MultiBinary, Dict, Tuple, Text {

  /** Returns the layout of one value, depth first. */
  List<Leaf> leaves();

  /** Returns whether the value lies in this space. */
  default boolean contains(Value value) {
    return contains(value, 0);
  }

  /** Returns whether the leaves of the value from {@code firstLeaf} on lie in this space. */
  boolean contains(Value value, int firstLeaf);

  /**
   * Overwrites the value with one drawn from this space as Gymnasium does: uniform where bounded.
   */
  default void sample(RandomStream random, Value value) {
    sample(random, value, 0);
  }

  /** Overwrites the leaves of the value from {@code firstLeaf} on with a sample. */
  void sample(RandomStream random, Value value, int firstLeaf);

  /** Returns the bytes of one value, all leaves together. */
  default long byteSize() {
    return leaves().stream().mapToLong(Leaf::byteSize).sum();
  }
}
