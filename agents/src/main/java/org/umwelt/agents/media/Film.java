package org.umwelt.agents.media;

import java.io.IOException;
import java.nio.file.Path;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * A film in the making: frames of one size, one after another.
 *
 * <p>It is written beside its name and gets the name by {@link #finish}; closed without that, it
 * leaves nothing.
 */
public interface Film extends AutoCloseable {

  /**
   * How a film is shown.
   *
   * @param width of its frames before scaling
   * @param height of its frames before scaling
   * @param fps frames per second, at least 1
   * @param scale whole factor by which frames are enlarged
   * @param firstNumber number of the first file of a PNG folder
   */
  record Shape(int width, int height, int fps, int scale, int firstNumber) {
    /** Checks that all are positive, but for the number, which may be 0. */
    public Shape {
      if (width < 1 || height < 1 || fps < 1 || scale < 1 || firstNumber < 0) {
        throw new IllegalArgumentException(
            "expected positive sizes, got %dx%d, %d fps, scale %d"
                .formatted(width, height, fps, scale));
      }
    }
  }

  /**
   * Starts a film.
   *
   * @param file the file, or the folder for PNG; replaced when the film is finished
   * @param format any but CSV
   * @throws BadRequestException where the format cannot hold this shape
   */
  static Film start(Path file, ExportFormat format, Shape shape) throws IOException {
    return switch (format) {
      case MP4, WEBM -> {
        try {
          yield new VideoFilm(file, format, shape);
        } catch (LinkageError e) {
          throw new BadRequestException(
              "%s needs FFmpeg's libraries, which this machine does not load (%s); --format gif needs none"
                  .formatted(format.word(), e.getMessage()),
              e);
        }
      }
      case GIF -> new GifFilm(file, shape);
      case PNG -> new PngFolder(file, shape);
      case CSV -> throw new IllegalArgumentException("a table is no film");
    };
  }

  /** Returns the most frames per second that a format plays at the right speed. */
  static int maximumFps(ExportFormat format) {
    return format == ExportFormat.GIF ? GifFilm.MAXIMUM_FPS : 240;
  }

  /**
   * Returns a scale at which frames of this size are well seen: films about 480 pixels, GIF about
   * 320; single pictures stay as they are.
   */
  static int defaultScale(ExportFormat format, int width, int height) {
    int extent = Math.max(width, height);
    return switch (format) {
      // Even, so that chroma, held at half the resolution, stays exact.
      case MP4, WEBM -> Math.max(2, 480 / extent / 2 * 2);
      case GIF -> Math.max(1, 320 / extent);
      case PNG, CSV -> 1;
    };
  }

  /**
   * Appends a frame.
   *
   * @throws IllegalArgumentException where its size is not that of the film
   */
  void write(Frame frame) throws IOException;

  /** Completes the film and gives it its name. */
  void finish() throws IOException;

  /** Frees what the film holds and, unless it was finished, deletes what was written. */
  @Override
  void close() throws IOException;
}
