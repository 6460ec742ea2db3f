package org.umwelt.worldmodel.replay;

import java.util.Arrays;
import java.util.Objects;

/**
 * One episode: time-aligned actions, rewards and ends, which grow while it goes on, and the numbers
 * of its frames.
 *
 * <p>Index t holds (o_t, a_t, r_t, d_t): reward and end are the result of action t in observation
 * t. Nothing follows an end. Not thread-safe.
 */
public final class ReplayEpisode {
  private static final int INITIAL_CAPACITY = 64;

  private final long firstFrame;
  private int[] actions = new int[INITIAL_CAPACITY];
  private float[] rewards = new float[INITIAL_CAPACITY];
  private int length;
  private boolean ended;

  ReplayEpisode(long firstFrame) {
    this.firstFrame = firstFrame;
  }

  void append(int action, float reward, boolean end) {
    if (ended) {
      throw new IllegalStateException("expected an unfinished episode, but it has ended");
    }
    if (length == actions.length) {
      int capacity = Math.multiplyExact(length, 2);
      actions = Arrays.copyOf(actions, capacity);
      rewards = Arrays.copyOf(rewards, capacity);
    }
    actions[length] = action;
    rewards[length] = reward;
    length++;
    ended = end;
  }

  /** Returns the number of steps, at least 1. */
  public int length() {
    return length;
  }

  /** Returns whether the last step is an end. */
  public boolean ended() {
    return ended;
  }

  /** Returns the number of the frame of observation 0. */
  public long firstFrame() {
    return firstFrame;
  }

  /** Returns the number of the frame of observation t. */
  public long frame(int t) {
    return firstFrame + Objects.checkIndex(t, length);
  }

  /** Returns action t. */
  public int action(int t) {
    return actions[Objects.checkIndex(t, length)];
  }

  /** Returns the reward of action t, as the environment gave it. */
  public float reward(int t) {
    return rewards[Objects.checkIndex(t, length)];
  }

  /** Returns whether action t ended the episode; only the last one can. */
  public boolean end(int t) {
    return Objects.checkIndex(t, length) == length - 1 && ended;
  }

  /**
   * Returns steps start, ..., stop - 1 as one segment; what lies before or after the episode is
   * padding.
   *
   * @param start may be negative; below the length
   * @param stop above start and above 0; may exceed the length
   */
  public Segments segment(int start, int stop) {
    if (start >= stop || start >= length || stop <= 0) {
      throw new IllegalArgumentException(
          "expected a segment that meets steps 0, ..., %d, got %d, ..., %d"
              .formatted(length - 1, start, stop - 1L));
    }
    Segments segment = Segments.padding(1, Math.subtractExact(stop, start));
    copySegment(start, segment, 0);
    return segment;
  }

  /** Writes the steps from start on over the padding of a row. */
  void copySegment(int start, Segments into, int row) {
    int from = Math.max(start, 0);
    int to = (int) Math.min((long) start + into.length(), length);
    int target = row * into.length() + (from - start);
    for (int t = from; t < to; t++) {
      into.frames()[target + t - from] = firstFrame + t;
      into.mask()[target + t - from] = true;
    }
    System.arraycopy(actions, from, into.actions(), target, to - from);
    System.arraycopy(rewards, from, into.rewards(), target, to - from);
    into.ends()[target + to - from - 1] = end(to - 1);
  }
}
