package org.umwelt.agents.media;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Frame;
import org.umwelt.envs.dataset.EpisodeSummary;

/**
 * A film of some steps of an episode.
 *
 * @param format any but CSV
 * @param first observation shown, from 0
 * @param last observation shown, included
 * @param fps frames per second
 * @param scale whole factor by which pixels are enlarged; null for {@link Film#defaultScale}
 */
public record EpisodeFilm(
    ExportFormat format, int first, int last, int fps, @Nullable Integer scale) {
  /** Frames of a simulation per second, at which games are meant to be seen. */
  private static final double SIMULATION_FPS = 60;

  /** Returns the frames per second at which an episode goes as fast as its game, where it can. */
  public static int defaultFps(EpisodeSummary episode, ExportFormat format) {
    double framesPerStep = (double) episode.frames() / Math.max(1, episode.steps());
    return Math.clamp(
        Math.round(SIMULATION_FPS / Math.max(1, framesPerStep)), 1, Film.maximumFps(format));
  }

  /**
   * Makes the film.
   *
   * @param written called after every frame; what it throws ends the work and leaves no file
   * @return the shape it got
   */
  public Film.Shape write(Path file, EpisodeFrames frames, Runnable written) throws IOException {
    Frame start = frames.frame(first);
    int factor = scale == null ? Film.defaultScale(format, start.width(), start.height()) : scale;
    Film.Shape shape = new Film.Shape(start.width(), start.height(), fps, factor, first);
    try (Film film = Film.start(file, format, shape)) {
      for (int t = first; t <= last; t++) {
        film.write(frames.frame(t));
        written.run();
      }
      film.finish();
    }
    return shape;
  }
}
