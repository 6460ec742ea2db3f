package org.umwelt.worldmodel.replay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The episodes of one environment in memory, in the order they were played; the last may be
 * unfinished and goes on with the next step.
 *
 * <p>Frames take their own size outside the heap: 100,000 of 64x64x3 are 1.23 GB. Not thread-safe.
 */
public final class ReplayBuffer implements AutoCloseable {
  private final FrameShape shape;
  private final long maximumSteps;
  private final FrameStore frames;
  private final List<ReplayEpisode> episodes = new ArrayList<>();
  private @Nullable ReplayEpisode unfinished;

  /**
   * Creates an empty buffer.
   *
   * @param maximumSteps the oldest episodes are dropped, each whole, while there are more steps
   *     than this; the one that is being played stays, however long; 0 for no limit
   */
  public ReplayBuffer(FrameShape shape, long maximumSteps) {
    if (maximumSteps < 0) {
      throw new BadRequestException(
          "expected at most a number of replay steps of at least 1, or 0 for no limit, got "
              + maximumSteps);
    }
    this.shape = shape;
    this.maximumSteps = maximumSteps;
    this.frames = new FrameStore(shape.bytes());
  }

  /** Returns the shape of every frame. */
  public FrameShape shape() {
    return shape;
  }

  /**
   * Appends a step to the unfinished episode, or to a new one where there is none.
   *
   * @param observation the frame the action was taken in, [height, width, channels]; copied
   * @param reward what the action led to, unclipped
   * @param end whether the action ended the episode, by a time limit too
   * @return the number of the frame
   */
  public long append(MemorySegment observation, int action, float reward, boolean end) {
    long frame = frames.append(observation);
    ReplayEpisode episode = unfinished;
    if (episode == null) {
      episode = new ReplayEpisode(frame);
      episodes.add(episode);
    }
    episode.append(action, reward, end);
    unfinished = end ? null : episode;
    while (maximumSteps > 0 && steps() > maximumSteps && episodes.size() > 1) {
      episodes.removeFirst();
      frames.dropBefore(episodes.getFirst().firstFrame());
    }
    return frame;
  }

  /** Appends a step whose frame is an array. */
  public long append(byte[] observation, int action, float reward, boolean end) {
    return append(MemorySegment.ofArray(observation), action, reward, end);
  }

  /**
   * Leaves the unfinished episode as it is, without an end; the next step begins a new one. For an
   * environment that cannot go on where it stood.
   */
  public void breakOff() {
    unfinished = null;
  }

  /** Returns the episode the next step goes to; null where it begins a new one. */
  public @Nullable ReplayEpisode unfinished() {
    return unfinished;
  }

  /** Returns a live, read-only view of the episodes, oldest first. */
  public List<ReplayEpisode> episodes() {
    return Collections.unmodifiableList(episodes);
  }

  /** Returns the number of steps held. */
  public long steps() {
    return endFrame() - firstFrame();
  }

  /** Returns the number of the oldest frame held; the others follow without a gap. */
  public long firstFrame() {
    return frames.first();
  }

  /** Returns the number the next frame will get, which is how many were ever appended. */
  public long endFrame() {
    return frames.end();
  }

  /**
   * Returns a read-only view of a frame, [height, width, channels], good until it is dropped.
   *
   * @param frame in {@link #firstFrame}, ..., {@link #endFrame} - 1
   */
  public MemorySegment frame(long frame) {
    return frames.frame(frame);
  }

  /** Copies a frame into an array, beginning at an offset. */
  public void copyFrame(long frame, byte[] into, int offset) {
    MemorySegment.copy(frame(frame), ValueLayout.JAVA_BYTE, 0, into, offset, shape.bytes());
  }

  /**
   * Copies a batch of frames.
   *
   * @param numbers as in {@link Segments#frames}; {@link Segments#NO_FRAME} gives a black frame
   * @param into uint8 [numbers.length, height, width, channels]
   */
  public void copyFrames(long[] numbers, MemorySegment into) {
    long bytes = shape.bytes();
    if (into.byteSize() != numbers.length * bytes) {
      throw new IllegalArgumentException(
          "expected memory for %d frames of %s, %d bytes, got %d"
              .formatted(numbers.length, shape, numbers.length * bytes, into.byteSize()));
    }
    for (int i = 0; i < numbers.length; i++) {
      MemorySegment slot = into.asSlice(i * bytes, bytes);
      if (numbers[i] == Segments.NO_FRAME) {
        slot.fill((byte) 0);
      } else {
        slot.copyFrom(frame(numbers[i]));
      }
    }
  }

  /** Drops all episodes; frame numbers go on. */
  public void clear() {
    restart(endFrame());
  }

  /** Drops all episodes; the next frame gets the given number. */
  void restart(long frame) {
    unfinished = null;
    episodes.clear();
    frames.restart(frame);
  }

  /** Gives the frames' memory back; the buffer must not be used afterwards. */
  @Override
  public void close() {
    frames.close();
  }
}
