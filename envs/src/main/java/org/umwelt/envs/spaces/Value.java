package org.umwelt.envs.spaces;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** One value of a space: a view of one row of a {@link Batch}. */
public final class Value {
  private final Space space;
  private final List<Leaf> layout;
  private final MemorySegment[] leaves;

  Value(Space space, List<Leaf> layout, MemorySegment[] leaves) {
    this.space = space;
    this.layout = layout;
    this.leaves = leaves;
  }

  /** Allocates a zeroed value off-heap. */
  public static Value allocate(Space space) {
    return Batch.allocate(space, 1).row(0);
  }

  /** Returns the space the value belongs to. */
  public Space space() {
    return space;
  }

  /** Returns the layout. */
  public List<Leaf> layout() {
    return layout;
  }

  /** Returns the memory of one leaf, row-major. */
  public MemorySegment leaf(int leaf) {
    return leaves[leaf];
  }

  /** Returns the memory of the only leaf of a Box, Discrete, MultiDiscrete, MultiBinary or Text. */
  public MemorySegment tensor() {
    if (leaves.length != 1) {
      throw new IllegalStateException("expected a space with one leaf, this is " + space);
    }
    return leaves[0];
  }

  /** Returns the number a Discrete value is. */
  public long asLong() {
    return tensor().get(ValueLayout.JAVA_LONG, 0);
  }

  /** Makes a Discrete value this number. */
  public void setLong(long number) {
    tensor().set(ValueLayout.JAVA_LONG, 0, number);
  }

  /** Returns the first element of a leaf as a double. */
  public double scalar(int leaf) {
    return layout.get(leaf).dtype().getDouble(leaves[leaf], 0);
  }

  /** Stores a double as the first element of a leaf. */
  public void setScalar(int leaf, double number) {
    layout.get(leaf).dtype().setDouble(leaves[leaf], 0, number);
  }

  /**
   * Copies another value of the same layout into this one; leaves that only this one has, after the
   * others, stay as they are.
   */
  public void copyFrom(Value source) {
    for (int leaf = 0; leaf < source.leaves.length; leaf++) {
      MemorySegment.copy(source.leaves[leaf], 0, leaves[leaf], 0, leaves[leaf].byteSize());
    }
  }

  /** Writes the bytes of all leaves, in native byte order. */
  public void write(DataOutput out) throws IOException {
    for (MemorySegment leaf : leaves) {
      out.write(leaf.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /** Reads what {@link #write} of a value with the same layout wrote. */
  public void read(DataInput in) throws IOException {
    for (MemorySegment leaf : leaves) {
      byte[] bytes = new byte[Math.toIntExact(leaf.byteSize())];
      in.readFully(bytes);
      MemorySegment.copy(bytes, 0, leaf, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
  }

  /** Returns whether both values are equal, byte for byte. */
  public boolean sameBytes(Value other) {
    for (int leaf = 0; leaf < leaves.length; leaf++) {
      if (leaves[leaf].mismatch(other.leaves[leaf]) >= 0) {
        return false;
      }
    }
    return leaves.length == other.leaves.length;
  }
}
