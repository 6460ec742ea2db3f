package org.umwelt.viewer.replays;

import java.util.List;
import java.util.function.Consumer;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.viewer.loop.OneLine;
import org.umwelt.viewer.loop.Work;
import org.umwelt.viewer.plots.Pixels;

/** One recorded episode, or two in lock step, at one step of theirs. */
final class Playback implements Work {
  private static final double FRAMES_PER_SECOND = 60;

  /**
   * What is seen of an episode.
   *
   * @param episode it
   * @param pixels its frame
   */
  record Side(OpenEpisode episode, Pixels pixels) {}

  private final List<Side> sides;
  private final Consumer<String> problems;
  private final int last;
  private int now;
  private volatile int shown = -1;
  private volatile List<String> words = List.of();

  /**
   * Creates a playback at the first step.
   *
   * @param episodes one or two, closed with the playback
   * @param problems told one line about steps that cannot be read
   */
  Playback(List<OpenEpisode> episodes, Consumer<String> problems) {
    this.sides = episodes.stream().map(episode -> new Side(episode, new Pixels())).toList();
    this.problems = problems;
    this.last = episodes.stream().mapToInt(OpenEpisode::steps).max().orElseThrow();
  }

  List<Side> sides() {
    return sides;
  }

  /** Returns the number of the last observation of the longer episode. */
  int last() {
    return last;
  }

  /** Returns the step that is shown; -1 before the first. */
  int shown() {
    return shown;
  }

  /** Returns what led to what is shown, in words, one line per side. */
  List<String> words() {
    return words;
  }

  /** Shows a step; a shorter episode stays at its end. */
  void show(int t) {
    now = Math.clamp(t, 0, last);
    try {
      for (Side side : sides) {
        int own = Math.min(now, side.episode().steps());
        side.pixels().paint(side.episode().frames().frame(own));
      }
      words =
          sides.stream()
              .map(side -> side.episode().words(Math.min(now, side.episode().steps())))
              .toList();
      shown = now;
    } catch (RuntimeException e) {
      problems.accept("step %d: %s".formatted(now, OneLine.of(e)));
    }
  }

  @Override
  public boolean step() {
    if (now < last) {
      show(now + 1);
    }
    return now < last;
  }

  @Override
  public void settle() {
    if (shown < 0) {
      show(0);
    }
  }

  @Override
  public double stepsPerSecond() {
    EpisodeSummary first = sides.getFirst().episode().summary();
    return FRAMES_PER_SECOND / Math.max(1, (double) first.frames() / Math.max(1, first.steps()));
  }

  @Override
  public void close() {
    sides.forEach(side -> side.episode().close());
  }
}
