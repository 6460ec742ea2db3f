package org.umwelt.agents.policies;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.MultiBinary;
import org.umwelt.envs.spaces.MultiDiscrete;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.settings.BadRequestException;

/** Actions written by people. */
final class ActionText {
  private ActionText() {}

  /**
   * Reads an action: one number per element of the space, leaves in order, separated by spaces or
   * commas.
   *
   * @param where what to name in an error, such as {@code FILE:3}
   */
  static Value parse(Space space, String text, String where) {
    List<String> words = Arrays.asList(text.strip().split("[\\s,]+"));
    Value action = Value.allocate(space);
    long elements = action.layout().stream().mapToLong(Leaf::elements).sum();
    int word = 0;
    try {
      if (words.size() == elements) {
        for (int leaf = 0; leaf < action.layout().size(); leaf++) {
          Leaf layout = action.layout().get(leaf);
          for (long i = 0; i < layout.elements(); i++) {
            store(layout.dtype(), action.leaf(leaf), i, words.get(word++));
          }
        }
        if (space.contains(action)) {
          return action;
        }
      }
    } catch (NumberFormatException _) {
      // Falls through to the one message that says what an action looks like.
    }
    throw new BadRequestException(
        "%s: expected an action of %s%s, got \"%s\""
            .formatted(
                where,
                space,
                elements == 1 ? "" : " (%d numbers)".formatted(elements),
                text.strip()));
  }

  private static void store(DType dtype, MemorySegment tensor, long index, String word) {
    if (dtype.isFloat()) {
      dtype.setDouble(tensor, index, Double.parseDouble(word));
      return;
    }
    long number = Long.parseLong(word);
    if (number < dtype.minimum() || number > dtype.maximum()) {
      throw new NumberFormatException(word);
    }
    dtype.setLong(tensor, index, number);
  }

  /**
   * Returns the action that does the least: the first of a Discrete, zeros elsewhere, or the
   * nearest to zero that the space allows.
   */
  static Value neutral(Space space) {
    Value action = Value.allocate(space);
    neutral(space, action, 0);
    return action;
  }

  private static void neutral(Space space, Value action, int firstLeaf) {
    MemorySegment tensor = space.leaves().isEmpty() ? MemorySegment.NULL : action.leaf(firstLeaf);
    switch (space) {
      case Discrete discrete -> DType.INT64.setLong(tensor, 0, discrete.start());
      case MultiDiscrete many -> {
        for (int i = 0; i < many.start().size(); i++) {
          DType.INT64.setLong(tensor, i, many.start().get(i));
        }
      }
      case MultiBinary _ -> tensor.fill((byte) 0);
      case Box box -> {
        long elements = box.leaves().getFirst().elements();
        for (int i = 0; i < elements; i++) {
          box.dtype().setDouble(tensor, i, Math.clamp(0.0, box.low(i), box.high(i)));
        }
      }
      case Text text ->
          text.encode(text.charset().substring(0, 1).repeat(text.minLength()), tensor);
      case Dict dict -> {
        int leaf = firstLeaf;
        for (Space subspace : dict.spaces().values()) {
          neutral(subspace, action, leaf);
          leaf += subspace.leaves().size();
        }
      }
      case Tuple tuple -> {
        int leaf = firstLeaf;
        for (Space subspace : tuple.spaces()) {
          neutral(subspace, action, leaf);
          leaf += subspace.leaves().size();
        }
      }
    }
  }
}
