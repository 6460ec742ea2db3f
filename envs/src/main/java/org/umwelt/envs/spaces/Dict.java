package org.umwelt.envs.spaces;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.umwelt.kernels.random.RandomStream;

/**
 * Named spaces, in order.
 *
 * @param spaces the space of each key
 */
public record Dict(SequencedMap<String, Space> spaces) implements Space {
  private static final Dict EMPTY = new Dict(new LinkedHashMap<>());

  /** Copies the map, keeping its order. */
  public Dict {
    spaces = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(spaces));
  }

  /** Returns the space whose one value has no keys. */
  public static Dict empty() {
    return EMPTY;
  }

  /** Returns this space with one more key at its end. */
  public Dict with(String key, Space space) {
    SequencedMap<String, Space> more = new LinkedHashMap<>(spaces);
    if (more.put(key, space) != null) {
      throw new IllegalArgumentException("the key " + key + " is there already");
    }
    return new Dict(more);
  }

  /** Returns the index of the first leaf of a key, or -1 where the key is absent. */
  public int firstLeaf(String key) {
    int leaf = 0;
    for (var entry : spaces.entrySet()) {
      if (entry.getKey().equals(key)) {
        return leaf;
      }
      leaf += entry.getValue().leaves().size();
    }
    return -1;
  }

  @Override
  public List<Leaf> leaves() {
    List<Leaf> leaves = new ArrayList<>();
    spaces.forEach((key, space) -> leaves.addAll(under(key, space)));
    return leaves;
  }

  static List<Leaf> under(String key, Space space) {
    return space.leaves().stream()
        .map(leaf ->
            new Leaf(
                leaf.path().isEmpty() ? key : key + "/" + leaf.path(), leaf.dtype(), leaf.shape()))
        .toList();
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    return Tuple.contains(spaces.values(), value, firstLeaf);
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    Tuple.sample(spaces.values(), random, value, firstLeaf);
  }

  @Override
  public String toString() {
    return "Dict(%s)".formatted(spaces);
  }
}
