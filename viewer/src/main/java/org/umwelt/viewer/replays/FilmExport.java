package org.umwelt.viewer.replays;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.media.EpisodeFilm;
import org.umwelt.agents.media.EpisodeFrames;
import org.umwelt.agents.media.ExportFormat;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.loop.OneLine;

/** Makes films of episodes, one at a time, on a thread of its own. */
final class FilmExport implements AutoCloseable {
  private final Shell shell;
  private @Nullable Thread thread;
  private volatile boolean cancelled;

  FilmExport(Shell shell) {
    this.shell = shell;
  }

  /**
   * Returns what a name asks for: a film by its ending, else a folder of PNG files.
   *
   * @throws BadRequestException where nothing of the kind can be written there
   */
  static ExportFormat format(Path out) {
    ExportFormat format = ExportFormat.ofEnding(out).orElse(ExportFormat.PNG);
    if (format == ExportFormat.CSV) {
      throw new BadRequestException(
          "expected a name that ends in .mp4, .webm or .gif, or a folder for pictures, got " + out);
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadRequestException(
          "cannot write %s: there is no folder %s".formatted(out, folder));
    }
    if (Files.exists(out)) {
      throw new BadRequestException(out + " is there already; name another file");
    }
    return format;
  }

  /** Starts a film of steps {@code first} to {@code last} of an episode. */
  void start(Path source, int episode, int first, int last, Path out) {
    ExportFormat format = format(out);
    if (thread != null && thread.isAlive()) {
      throw new BadRequestException("a film is being made already; wait for it to be finished");
    }
    shell.note("writing %s ...".formatted(out));
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("umwelt-viewer-export")
            .start(() -> make(source, episode, first, last, out, format));
  }

  private void make(Path source, int index, int first, int last, Path out, ExportFormat format) {
    try (Dataset dataset = Dataset.open(source);
        Episode episode = dataset.episode(index);
        EpisodeFrames frames = EpisodeFrames.of(dataset, episode)) {
      int fps = EpisodeFilm.defaultFps(episode.summary(), format);
      new EpisodeFilm(format, first, last, fps, null).write(out, frames, this::check);
      shell.note("%s: %d frames, %d a second".formatted(out, last - first + 1, fps));
    } catch (CancellationException _) {
      // The window closes.
    } catch (IOException | RuntimeException e) {
      shell.problem(OneLine.of(e));
    }
  }

  private void check() {
    if (cancelled) {
      throw new CancellationException();
    }
  }

  @Override
  public void close() {
    cancelled = true;
    if (thread != null) {
      try {
        thread.join(800);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
