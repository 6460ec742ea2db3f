package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The words of commands that write a run: where it is, and whether one is gone on with. */
final class RunRequest {
  private static final Path RUNS = Path.of("runs");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder; runs/<date>/<what is run> by default.")
  private @Nullable Path out;

  @Option(names = "--resume", description = "Go on with a run that was stopped or killed.")
  private boolean resume;

  /**
   * Returns the folder of the run; writes nothing.
   *
   * @param name what is run, where no folder is named
   * @param config what is asked for
   * @throws BadRequestException where the run cannot be written there, or is another one
   */
  Path folder(String name, ObjectNode config) {
    Path path = out;
    if (path == null) {
      path =
          resume
              ? RunFolder.newest(RUNS, name, config)
                  .orElseThrow(() ->
                      new BadRequestException(
                          "no such run in %s to go on with; name its folder by --out, or leave out"
                                  .formatted(RUNS)
                              + " --resume"))
              : RunFolder.unused(RUNS, LocalDate.now(ZoneId.systemDefault()), name);
    }
    if (goesOn(path)) {
      RunFolder.requireSame(path, config);
    } else {
      RunFolder.requireNew(path);
    }
    return path;
  }

  /** Returns whether there is a run to go on with, and that is asked for. */
  boolean goesOn(Path path) {
    return resume && !RunFolder.isVacant(path);
  }

  /** Opens the run in the folder found. */
  RunFolder open(Path path, ObjectNode config, ObjectNode provenance) throws IOException {
    if (goesOn(path)) {
      return RunFolder.reopen(path, config, provenance);
    }
    if (resume) {
      note("nothing to go on with in %s, so it starts from the beginning".formatted(path));
    }
    return RunFolder.create(path, config, provenance);
  }

  /** Returns the words of this command. */
  List<String> command() {
    return spec.commandLine().getParseResult().originalArgs();
  }

  /** Returns the command that completes a run. */
  String again(Path run) {
    List<String> words = new ArrayList<>(command());
    if (out == null) {
      words.addAll(List.of("--out", run.toString()));
    }
    if (!resume) {
      words.add("--resume");
    }
    return "umwelt " + String.join(" ", words.stream().map(RunRequest::quoted).toList());
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Says a line on stderr. */
  void note(String line) {
    spec.commandLine().getErr().println("umwelt: " + line);
  }
}
