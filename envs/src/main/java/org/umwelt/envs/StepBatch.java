package org.umwelt.envs;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;

/**
 * What one step of n environments writes: observations [n, ...], rewards f64 [n], terminated u8
 * [n], truncated u8 [n], infos, and for ended episodes the final observation and info.
 */
public final class StepBatch {
  private static final long ALIGNMENT = 64;

  private final Batch observations;
  private final Batch infos;
  private final Batch finalObservations;
  private final Batch finalInfos;
  private final MemorySegment rewards;
  private final MemorySegment terminated;
  private final MemorySegment truncated;
  private final Step[] rows;

  /**
   * Wraps memory that is there already.
   *
   * @param rewards f64 [n]
   * @param terminated u8 [n]
   * @param truncated u8 [n]
   */
  public StepBatch(
      Batch observations,
      Batch infos,
      Batch finalObservations,
      Batch finalInfos,
      MemorySegment rewards,
      MemorySegment terminated,
      MemorySegment truncated) {
    int size = observations.size();
    if (infos.size() != size
        || finalObservations.size() != size
        || finalInfos.size() != size
        || rewards.byteSize() != (long) size * Double.BYTES
        || terminated.byteSize() != size
        || truncated.byteSize() != size) {
      throw new IllegalArgumentException(
          "expected memory for %d rows in every part".formatted(size));
    }
    this.observations = observations;
    this.infos = infos;
    this.finalObservations = finalObservations;
    this.finalInfos = finalInfos;
    this.rewards = rewards;
    this.terminated = terminated;
    this.truncated = truncated;
    this.rows = new Step[size];
    for (int row = 0; row < size; row++) {
      rows[row] = new Step(this, row);
    }
  }

  /** Allocates zeroed memory for n environments with these spaces. */
  public static StepBatch allocate(Space observationSpace, Dict infoSpace, int size) {
    Arena arena = Arena.ofAuto();
    return new StepBatch(
        Batch.allocate(observationSpace, size),
        Batch.allocate(infoSpace, size),
        Batch.allocate(observationSpace, size),
        Batch.allocate(infoSpace, size),
        arena.allocate((long) size * Double.BYTES, ALIGNMENT),
        arena.allocate(size, ALIGNMENT),
        arena.allocate(size, ALIGNMENT));
  }

  /** Returns n. */
  public int size() {
    return rows.length;
  }

  /** Returns the observations, [n, ...]. */
  public Batch observations() {
    return observations;
  }

  /** Returns the infos. */
  public Batch infos() {
    return infos;
  }

  /**
   * Returns the last observation of each episode that ended in this step; other rows hold older
   * ones.
   */
  public Batch finalObservations() {
    return finalObservations;
  }

  /** Returns the last info of each episode that ended in this step; other rows hold older ones. */
  public Batch finalInfos() {
    return finalInfos;
  }

  /** Returns the rewards, f64 [n]. */
  public MemorySegment rewards() {
    return rewards;
  }

  /** Returns the terminated flags, u8 [n], 0 or 1. */
  public MemorySegment terminated() {
    return terminated;
  }

  /** Returns the truncated flags, u8 [n], 0 or 1. */
  public MemorySegment truncated() {
    return truncated;
  }

  /** Returns the reward of a row. */
  public double reward(int row) {
    return rewards.get(ValueLayout.JAVA_DOUBLE, (long) row * Double.BYTES);
  }

  /** Returns whether the row's episode ended in a terminal state of the world. */
  public boolean terminated(int row) {
    return terminated.get(ValueLayout.JAVA_BYTE, row) != 0;
  }

  /** Returns whether the row's episode was cut off by a limit outside the world. */
  public boolean truncated(int row) {
    return truncated.get(ValueLayout.JAVA_BYTE, row) != 0;
  }

  /** Returns whether the row's episode ended, either way. */
  public boolean ended(int row) {
    return terminated(row) || truncated(row);
  }

  /** Returns the view of a row; always the same object. */
  public Step row(int row) {
    return rows[row];
  }
}
