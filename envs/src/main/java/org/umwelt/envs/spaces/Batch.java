package org.umwelt.envs.spaces;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * n values of one space, off-heap: per leaf one contiguous row-major segment of shape [n, ...],
 * aligned to 64 bytes.
 *
 * <p>All row views are made once, so reading and writing rows allocates nothing.
 */
public final class Batch {
  private static final long ALIGNMENT = 64;

  private final Space space;
  private final List<Leaf> layout;
  private final MemorySegment[] leaves;
  private final Value[] rows;

  /**
   * Wraps memory that is there already.
   *
   * @param leaves one segment per leaf of the space, each exactly n values long
   */
  public Batch(Space space, int size, List<MemorySegment> leaves) {
    this.space = space;
    this.layout = List.copyOf(space.leaves());
    this.leaves = leaves.toArray(MemorySegment[]::new);
    if (leaves.size() != layout.size()) {
      throw new IllegalArgumentException(
          "expected %d leaves for %s, got %d".formatted(layout.size(), space, leaves.size()));
    }
    for (int leaf = 0; leaf < layout.size(); leaf++) {
      long expected = layout.get(leaf).byteSize() * size;
      if (this.leaves[leaf].byteSize() != expected) {
        throw new IllegalArgumentException(
            "expected %d bytes for leaf %s of %d values, got %d"
                .formatted(expected, layout.get(leaf).path(), size, this.leaves[leaf].byteSize()));
      }
    }
    this.rows = new Value[size];
    for (int row = 0; row < size; row++) {
      MemorySegment[] slices = new MemorySegment[layout.size()];
      for (int leaf = 0; leaf < slices.length; leaf++) {
        long bytes = layout.get(leaf).byteSize();
        slices[leaf] = this.leaves[leaf].asSlice(row * bytes, bytes);
      }
      rows[row] = new Value(space, layout, slices);
    }
  }

  /** Allocates a zeroed batch whose memory lives as long as the batch is reachable. */
  public static Batch allocate(Space space, int size) {
    Arena arena = Arena.ofAuto();
    return new Batch(
        space,
        size,
        space.leaves().stream()
            .map(leaf -> arena.allocate(leaf.byteSize() * size, ALIGNMENT))
            .toList());
  }

  /** Returns the space the values belong to. */
  public Space space() {
    return space;
  }

  /** Returns n. */
  public int size() {
    return rows.length;
  }

  /** Returns the layout of one value. */
  public List<Leaf> layout() {
    return layout;
  }

  /** Returns one leaf of all values, shape [n, ...]. */
  public MemorySegment leaf(int leaf) {
    return leaves[leaf];
  }

  /** Returns the view of value {@code row}; always the same object. */
  public Value row(int row) {
    return rows[row];
  }
}
