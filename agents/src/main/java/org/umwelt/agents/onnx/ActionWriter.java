package org.umwelt.agents.onnx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.weights.ElementType;

/** Turns what a policy gives into actions of a space. */
final class ActionWriter {
  private final Space space;
  private final Leaf leaf;
  private final Policy policy;
  private final int elements; // that the policy gives per row

  ActionWriter(Space space, Policy policy) {
    this.space = space;
    this.leaf = space.leaves().getFirst();
    this.policy = policy;
    this.elements =
        Math.toIntExact(
            policy.isLogits(space) && space instanceof Discrete discrete
                ? discrete.n()
                : leaf.elements());
  }

  /** Returns the shape of what the policy gives for n rows. */
  long[] shape(int rows) {
    if (policy.isLogits(space)) {
      return new long[] {rows, elements};
    }
    int dimensions = policy.choice().shape().size();
    long[] shape = new long[dimensions];
    shape[0] = rows;
    for (int i = 1; i < dimensions; i++) {
      shape[i] = i <= leaf.shape().size() ? leaf.shape().get(i - 1) : 1;
    }
    return shape;
  }

  /** Writes a chosen class of a Discrete space. */
  void write(int chosen, Value action) {
    action.setLong(((Discrete) space).start() + chosen);
  }

  /**
   * Writes a row's action.
   *
   * @throws IllegalStateException where it does not lie in the space
   */
  void write(MemorySegment choices, int row, Value action) {
    for (int i = 0; i < elements; i++) {
      long at = (long) row * elements + i;
      if (space instanceof Box box) {
        double number =
            policy.choice().type() == ElementType.F64
                ? choices.getAtIndex(ValueLayout.JAVA_DOUBLE, at)
                : choices.getAtIndex(ValueLayout.JAVA_FLOAT, at);
        leaf.dtype().setDouble(action.tensor(), i, Math.clamp(number, box.low(i), box.high(i)));
      } else {
        long number =
            policy.choice().type() == ElementType.I64
                ? choices.getAtIndex(ValueLayout.JAVA_LONG, at)
                : choices.getAtIndex(ValueLayout.JAVA_INT, at);
        DType.INT64.setLong(action.tensor(), i, number);
      }
    }
    if (!space.contains(action)) {
      throw new IllegalStateException(
          "%s: expected an action of %s in row %d, the model gives another"
              .formatted(policy.model().origin(), space, row));
    }
  }
}
