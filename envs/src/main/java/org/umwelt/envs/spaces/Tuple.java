package org.umwelt.envs.spaces;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.umwelt.kernels.random.RandomStream;

/**
 * Numbered spaces.
 *
 * @param spaces the space of each position
 */
public record Tuple(List<Space> spaces) implements Space {
  /** Copies the list. */
  public Tuple {
    spaces = List.copyOf(spaces);
  }

  @Override
  public List<Leaf> leaves() {
    List<Leaf> leaves = new ArrayList<>();
    for (int i = 0; i < spaces.size(); i++) {
      leaves.addAll(Dict.under(Integer.toString(i), spaces.get(i)));
    }
    return leaves;
  }

  @Override
  public boolean contains(Value value, int firstLeaf) {
    return contains(spaces, value, firstLeaf);
  }

  @Override
  public void sample(RandomStream random, Value value, int firstLeaf) {
    sample(spaces, random, value, firstLeaf);
  }

  static boolean contains(Collection<Space> spaces, Value value, int firstLeaf) {
    int leaf = firstLeaf;
    for (Space space : spaces) {
      if (!space.contains(value, leaf)) {
        return false;
      }
      leaf += space.leaves().size();
    }
    return true;
  }

  static void sample(Collection<Space> spaces, RandomStream random, Value value, int firstLeaf) {
    int leaf = firstLeaf;
    for (Space space : spaces) {
      space.sample(random, value, leaf);
      leaf += space.leaves().size();
    }
  }

  @Override
  public String toString() {
    return "Tuple(%s)".formatted(spaces);
  }
}
