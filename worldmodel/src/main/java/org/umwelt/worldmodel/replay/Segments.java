package org.umwelt.worldmodel.replay;

import java.util.Arrays;
import java.util.Objects;

/**
 * A batch of episode segments: arrays [count, length], row-major, ready to become tensors.
 *
 * <p>A row comes from one episode, so it has at most one end, and that in its last valid position.
 *
 * @param count number of segments
 * @param length time steps of each
 * @param frames number of each observation's frame; {@value #NO_FRAME} where padded
 * @param actions 0 where padded
 * @param rewards as the environment gave them; 0 where padded
 * @param ends whether the action ended the episode; false where padded
 * @param mask whether the position holds a step; false where padded
 */
public record Segments(
    int count,
    int length,
    long[] frames,
    int[] actions,
    float[] rewards,
    boolean[] ends,
    boolean[] mask) {

  /** Stands for the frame of a padded position, which is black. */
  public static final long NO_FRAME = -1;

  /** Checks that the arrays are aligned. */
  public Segments {
    int size = Math.multiplyExact(count, length);
    if (frames.length != size
        || actions.length != size
        || rewards.length != size
        || ends.length != size
        || mask.length != size) {
      throw new IllegalArgumentException(
          "expected arrays of %d x %d, got %d frames, %d actions, %d rewards, %d ends and mask %d"
              .formatted(
                  count,
                  length,
                  frames.length,
                  actions.length,
                  rewards.length,
                  ends.length,
                  mask.length));
    }
  }

  /** Returns nothing but padding. */
  static Segments padding(int count, int length) {
    int size = Math.multiplyExact(count, length);
    long[] frames = new long[size];
    Arrays.fill(frames, NO_FRAME);
    return new Segments(
        count,
        length,
        frames,
        new int[size],
        new float[size],
        new boolean[size],
        new boolean[size]);
  }

  /** Returns a copy of segments from, ..., to - 1. */
  public Segments rows(int from, int to) {
    Objects.checkFromToIndex(from, to, count);
    int start = from * length;
    int stop = to * length;
    return new Segments(
        to - from,
        length,
        Arrays.copyOfRange(frames, start, stop),
        Arrays.copyOfRange(actions, start, stop),
        Arrays.copyOfRange(rewards, start, stop),
        Arrays.copyOfRange(ends, start, stop),
        Arrays.copyOfRange(mask, start, stop));
  }
}
