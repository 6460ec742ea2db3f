package org.umwelt.agents.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.media.EpisodeFilm;
import org.umwelt.agents.media.EpisodeFrames;
import org.umwelt.agents.media.ExportFormat;
import org.umwelt.agents.media.Film;
import org.umwelt.agents.media.StepTable;
import org.umwelt.envs.Frame;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt replay export}: one episode as a film, pictures or a table. */
@Command(
    name = "export",
    description = "Turn an episode into a film, pictures or a table.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PATH", description = "Run folder or data set.")
  private Path path;

  @Option(
      names = "--episode",
      paramLabel = "I",
      description = "Which episode; ${DEFAULT-VALUE} by default.")
  private int index = 0;

  @Option(
      names = "--from",
      paramLabel = "A",
      description = "First step; ${DEFAULT-VALUE} by default.")
  private int from = 0;

  @Option(
      names = "--to",
      paramLabel = "B",
      description = "Last step, included; the episode's last by default.")
  private @Nullable Integer to;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "mp4, webm, gif, png (a folder of numbered frames) or csv; by default what FILE ends in.")
  private @Nullable ExportFormat format;

  @Option(
      names = "--fps",
      paramLabel = "N",
      description =
          "Steps per second of the film; by default the speed of the game (60 frames a second).")
  private @Nullable Integer fps;

  @Option(
      names = "--scale",
      paramLabel = "K",
      description = "Whole factor by which pixels are enlarged; by default what is well seen.")
  private @Nullable Integer scale;

  @Option(
      names = "--render",
      description = "Simulate the episode again and render it, instead of showing observations.")
  private boolean render;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "What to write; for png, a folder.")
  private Path out;

  @Option(names = "--force", description = "Replace FILE if it is there.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    ExportFormat chosen = format();
    if (chosen == ExportFormat.PNG) {
      OutputFile.require(out, force);
    } else {
      OutputFile.requireFile(out, force);
    }
    if (chosen == ExportFormat.CSV && (fps != null || scale != null || render)) {
      throw new BadRequestException("a csv has no --fps, --scale or --render");
    }
    try (Recording recording = Recording.open(path, spec.commandLine().getErr());
        Episode episode = recording.episode(index)) {
      // A film shows the observation after the last action too; a table has a line per action.
      int end = chosen == ExportFormat.CSV ? episode.steps() - 1 : episode.steps();
      Recording.requireStep("--from", from, end);
      StepRange range = StepRange.of("--to", from, to == null ? end : to, end);
      if (chosen == ExportFormat.CSV) {
        table(recording.dataset(), episode, range);
      } else {
        film(recording.dataset(), episode, range, chosen);
      }
    }
    return ExitCode.OK;
  }

  private ExportFormat format() {
    if (format == null) {
      ExportFormat guessed =
          ExportFormat.ofEnding(out)
              .orElseThrow(() ->
                  new BadRequestException(
                      "expected --out to end in .mp4, .webm, .gif or .csv, or --format, got "
                          + out));
      if (guessed == ExportFormat.PNG) {
        throw new BadRequestException(
            "png exports a folder: --format png --out FOLDER;"
                + " umwelt replay show --png makes one picture");
      }
      return guessed;
    }
    return format;
  }

  private void film(Dataset dataset, Episode episode, StepRange range, ExportFormat chosen)
      throws IOException {
    int rate = fps(episode.summary(), chosen);
    int count = range.last() - range.first() + 1;
    Film.Shape shape;
    try (EpisodeFrames frames =
            render ? EpisodeFrames.rendered(dataset, episode) : EpisodeFrames.of(dataset, episode);
        Progress progress =
            new Progress("export", "frames", 0, count, spec.commandLine().getErr())) {
      requireScale(frames.frame(range.first()));
      shape =
          new EpisodeFilm(chosen, range.first(), range.last(), rate, scale)
              .write(out, frames, () -> progress.add(1));
    }
    String size = "%dx%d".formatted(shape.width() * shape.scale(), shape.height() * shape.scale());
    said(
        chosen == ExportFormat.PNG
            ? "%d frames, %s".formatted(count, size)
            : String.format(
                Locale.ROOT,
                "%d frames, %s, %d frames/s, %.1f s",
                count,
                size,
                rate,
                (double) count / rate));
  }

  private void table(Dataset dataset, Episode episode, StepRange range) throws IOException {
    Path partial = AtomicFile.partial(out);
    int count = range.last() - range.first() + 1;
    try (Progress progress =
        new Progress("export", "steps", 0, count, spec.commandLine().getErr())) {
      try (BufferedWriter writer = Files.newBufferedWriter(partial)) {
        StepTable.write(
            dataset, episode, range.first(), range.last(), writer, _ -> progress.add(1));
      }
      AtomicFile.publish(partial, out);
    } finally {
      Files.deleteIfExists(partial);
    }
    said("%d steps".formatted(count));
  }

  private int fps(EpisodeSummary episode, ExportFormat chosen) {
    int most = Film.maximumFps(chosen);
    if (fps != null) {
      if (fps < 1 || fps > most) {
        throw new BadRequestException(
            "--fps of a %s must be 1 to %d, got %d".formatted(chosen.word(), most, fps));
      }
      return fps;
    }
    return EpisodeFilm.defaultFps(episode, chosen);
  }

  private void requireScale(Frame frame) {
    int most = Math.max(1, 8192 / Math.max(frame.width(), frame.height()));
    if (scale != null && (scale < 1 || scale > most)) {
      throw new BadRequestException(
          "--scale of %dx%d frames must be 1 to %d, got %d"
              .formatted(frame.width(), frame.height(), most, scale));
    }
  }

  private void said(String what) throws IOException {
    PrintWriter stdout = spec.commandLine().getOut();
    stdout.println("%s: %s, %s".formatted(out, what, Recording.bytes(size(out))));
  }

  private static long size(Path file) throws IOException {
    try (Stream<Path> files = Files.walk(file)) {
      long bytes = 0;
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(each);
      }
      return bytes;
    }
  }
}
