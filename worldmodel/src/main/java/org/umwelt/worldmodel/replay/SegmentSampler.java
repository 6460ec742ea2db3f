package org.umwelt.worldmodel.replay;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws segments from the episodes of a buffer.
 *
 * <p>Episodes are drawn uniformly with replacement, each with the same probability whatever its
 * length, as IRIS does: the steps of short episodes come more often.
 */
public final class SegmentSampler {
  /** Where in an episode a segment is laid. */
  public enum Mode {
    /** Starts at a uniform step of the episode; may reach beyond its end, padded on the right. */
    FROM_START,
    /** Stops behind a uniform step; may begin before the episode, padded on the left. */
    TO_END
  }

  private final ReplayBuffer buffer;

  /** Creates a sampler of all the buffer holds whenever it is asked. */
  public SegmentSampler(ReplayBuffer buffer) {
    this.buffer = buffer;
  }

  /**
   * Draws segments.
   *
   * @param count how many; at least 1
   * @param length time steps of each; at least 1
   * @param random gives per segment the episode, then the start or stop
   */
  public Segments sample(int count, int length, Mode mode, RandomGenerator random) {
    requirePositive(count, length);
    List<ReplayEpisode> episodes = buffer.episodes();
    if (episodes.isEmpty()) {
      throw new IllegalStateException("expected an episode to draw from, found an empty replay");
    }
    Segments segments = Segments.padding(count, length);
    for (int row = 0; row < count; row++) {
      ReplayEpisode episode = episodes.get(random.nextInt(episodes.size()));
      int step = random.nextInt(episode.length());
      int start =
          switch (mode) {
            case FROM_START -> step; // uniform in {0, ..., n - 1}
            case TO_END -> step + 1 - length; // stop uniform in {1, ..., n}
          };
      episode.copySegment(start, segments, row);
    }
    return segments;
  }

  /**
   * Returns every step once: each episode in turn, cut into consecutive segments, the last of each
   * padded on the right.
   *
   * @param length time steps of each segment; at least 1
   */
  public Segments traverse(int length) {
    requirePositive(1, length);
    List<ReplayEpisode> episodes = buffer.episodes();
    long count = 0;
    for (ReplayEpisode episode : episodes) {
      count += Math.ceilDiv(episode.length(), length);
    }
    Segments segments = Segments.padding(Math.toIntExact(count), length);
    int row = 0;
    for (ReplayEpisode episode : episodes) {
      for (int chunk = 0; chunk < Math.ceilDiv(episode.length(), length); chunk++) {
        episode.copySegment(chunk * length, segments, row++);
      }
    }
    return segments;
  }

  private static void requirePositive(int count, int length) {
    if (count < 1 || length < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 segment of at least 1 step, got %d of %d".formatted(count, length));
    }
  }
}
