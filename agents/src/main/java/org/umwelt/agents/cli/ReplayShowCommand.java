package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.media.EpisodeFrames;
import org.umwelt.agents.media.FrameImages;
import org.umwelt.agents.media.Strip;
import org.umwelt.envs.Frame;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt replay show}: one step as text and picture, or a strip of frames. */
@Command(
    name = "show",
    description = {
      "Show one step of an episode, or a strip of its frames.",
      "A strip takes several PATHs: one row for each."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayShowCommand implements Callable<Integer> {
  /** Frames of a strip where nothing else is said: one row. */
  private static final int DEFAULT_COUNT = 8;

  /** More frames than anybody looks at. */
  private static final int MAXIMUM_COUNT = 1000;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "PATH", description = "Run folder or data set.")
  private List<Path> paths;

  @Option(
      names = "--episode",
      paramLabel = "I",
      description = "Which episode; ${DEFAULT-VALUE} by default.")
  private int index = 0;

  @Option(
      names = "--step",
      paramLabel = "T",
      description =
          "The observation at T and the action taken then, 0 to the episode's length; 0 by default.")
  private @Nullable Integer step;

  @Option(
      names = "--strip",
      paramLabel = "A..B",
      description = "A contact sheet of the steps A to B instead, into --png; '..' is all.")
  private @Nullable String strip;

  @Option(names = "--every", paramLabel = "K", description = "Every K-th step of the strip.")
  private @Nullable Integer every;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "N steps of the strip, evenly spread; 8 by default.")
  private @Nullable Integer count;

  @Option(
      names = "--columns",
      paramLabel = "N",
      description = "Frames side by side in a strip; ${DEFAULT-VALUE} by default.")
  private int columns = DEFAULT_COUNT;

  @Option(
      names = "--scale",
      paramLabel = "K",
      description =
          "Whole factor by which pixels are enlarged; 1 for a step, about 200 pixels for a strip.")
  private @Nullable Integer scale;

  @Option(names = "--png", paramLabel = "FILE", description = "Write the picture here.")
  private @Nullable Path png;

  @Option(
      names = "--render",
      description = "Simulate the episode again and render it, instead of showing observations.")
  private boolean render;

  @Option(names = "--force", description = "Replace FILE if it is there.")
  private boolean force;

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (png != null) {
      OutputFile.requireFile(png, force);
    }
    if (scale != null && (scale < 1 || scale > 64)) {
      throw new BadRequestException("--scale must be 1 to 64, got " + scale);
    }
    if (strip == null) {
      step();
    } else {
      strip(strip);
    }
    return ExitCode.OK;
  }

  private void step() throws IOException {
    if (paths.size() > 1 || every != null || count != null) {
      throw new BadRequestException(
          "several PATHs, --every and --count are for strips: add --strip .. --png FILE");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Recording recording = Recording.open(paths.getFirst(), spec.commandLine().getErr());
        Episode episode = recording.episode(index)) {
      int t = Recording.requireStep("--step", step == null ? 0 : step, episode.steps());
      StepReport report = new StepReport(recording.dataset(), episode, t);
      if (png != null) {
        try (EpisodeFrames frames = frames(recording.dataset(), episode)) {
          write(png, FrameImages.enlarge(frames.frame(t), scale == null ? 1 : scale));
        }
      }
      if (json) {
        ObjectNode object = report.json();
        if (png != null) {
          object.put("png", png.toString());
        }
        out.println(object);
      } else {
        Services.table(out, report.rows());
      }
    }
  }

  private void strip(String range) throws IOException {
    if (png == null) {
      throw new BadRequestException("--strip needs --png FILE to draw into");
    }
    if (step != null) {
      throw new BadRequestException("give --step or --strip, not both");
    }
    if (every != null && count != null) {
      throw new BadRequestException("give --every or --count, not both");
    }
    requirePositive("--every", every);
    requirePositive("--count", count);
    requirePositive("--columns", columns);
    List<Strip.Row> rows = new ArrayList<>();
    for (Path path : paths) {
      try (Recording recording = Recording.open(path, spec.commandLine().getErr());
          Episode episode = recording.episode(index)) {
        rows.add(row(recording.dataset(), episode, steps(range, episode)));
      }
    }
    Frame sheet = Strip.sheet(rows);
    write(png, sheet);
    int frames = rows.stream().mapToInt(row -> row.cells().size()).sum();
    if (json) {
      spec.commandLine()
          .getOut()
          .println(
              JsonNodeFactory.instance
                  .objectNode()
                  .put("png", png.toString())
                  .put("frames", frames)
                  .put("width", sheet.width())
                  .put("height", sheet.height()));
    } else {
      spec.commandLine()
          .getOut()
          .println("%s: %d frames, %dx%d".formatted(png, frames, sheet.width(), sheet.height()));
    }
  }

  private static void requirePositive(String option, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new BadRequestException("%s must be at least 1, got %d".formatted(option, value));
    }
  }

  private List<Integer> steps(String text, Episode episode) {
    StepRange range = StepRange.parse("--strip", text, episode.steps());
    List<Integer> steps =
        every != null
            ? Strip.everyStep(range.first(), range.last(), every)
            : Strip.evenly(range.first(), range.last(), count == null ? DEFAULT_COUNT : count);
    if (steps.size() > MAXIMUM_COUNT) {
      throw new BadRequestException(
          "a strip of %d frames is too long; at most %d: give --every or --count"
              .formatted(steps.size(), MAXIMUM_COUNT));
    }
    return steps;
  }

  private Strip.Row row(Dataset dataset, Episode episode, List<Integer> steps) {
    List<Strip.Cell> cells = new ArrayList<>();
    try (EpisodeFrames frames = frames(dataset, episode);
        Progress progress =
            new Progress("show", "frames", 0, steps.size(), spec.commandLine().getErr())) {
      int shown = steps.getFirst();
      for (int t : steps) {
        double reward = 0;
        for (; shown < t; shown++) {
          reward += episode.reward(shown);
        }
        cells.add(new Strip.Cell(frames.frame(t), t, reward));
        progress.add(1);
      }
    }
    Frame first = cells.getFirst().frame();
    int factor =
        scale == null
            ? Math.max(1, Math.round(200f / Math.max(first.width(), first.height())))
            : scale;
    return new Strip.Row(title(dataset.description(), episode), cells, columns, factor);
  }

  private static String title(DatasetDescription description, Episode episode) {
    return "%s   %s   episode %d   return %s in %d steps"
        .formatted(
            description.environment(),
            description.algorithm(),
            episode.summary().index(),
            Recording.number(episode.summary().totalReward()),
            episode.steps());
  }

  private EpisodeFrames frames(Dataset dataset, Episode episode) {
    return render ? EpisodeFrames.rendered(dataset, episode) : EpisodeFrames.of(dataset, episode);
  }

  private static void write(Path file, Frame frame) throws IOException {
    AtomicFile.write(file, FrameImages.png(frame));
  }
}
