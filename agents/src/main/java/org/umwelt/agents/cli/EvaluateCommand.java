package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.evaluation.EpisodeFailedException;
import org.umwelt.agents.evaluation.Evaluation;
import org.umwelt.agents.evaluation.EvaluationConfig;
import org.umwelt.agents.evaluation.EvaluationListener;
import org.umwelt.agents.evaluation.EvaluationResult;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code umwelt evaluate}: headless batch evaluation. */
@Command(
    name = "evaluate",
    description = "Run episodes of an agent in an environment, and say how well it does.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {
  private static final Path RUNS = Path.of("runs");

  /** Of which episodes the steps are kept. */
  private enum Steps {
    ALL,
    NONE
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--env",
      required = true,
      paramLabel = "ID",
      description = "Environment, such as umwelt/Catch-v0 or ALE/Pong-v5?frameskip=1.")
  private String environment;

  @Option(
      names = "--agent",
      required = true,
      paramLabel = "NAME|FILE",
      description = "Agent, such as random or actions:FILE.")
  private String agent;

  @Option(
      names = "--episodes",
      required = true,
      paramLabel = "N",
      description = "How many episodes.")
  private int episodes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Master seed all episodes' seeds derive from; ${DEFAULT-VALUE} by default.")
  private long seed = 0;

  @Option(
      names = "--workers",
      paramLabel = "W",
      description = "Threads; as many as processors by default. The result does not depend on it.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder; runs/<date>/<env>-<agent>-s<seed> by default.")
  private @Nullable Path out;

  @Option(
      names = "--record",
      paramLabel = "all|none",
      description = "Which episodes' steps are kept; all by default.")
  private Steps record = Steps.ALL;

  @Option(names = "--resume", description = "Go on with a run that was stopped or killed.")
  private boolean resume;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    EvaluationConfig config =
        new EvaluationConfig(environment, agent, episodes, seed, record == Steps.ALL);
    if (workers < 1) {
      throw new BadRequestException("expected --workers of at least 1, got " + workers);
    }
    try (InterruptGuard guard = new InterruptGuard();
        Evaluation evaluation = new Evaluation(config);
        RunFolder run = openRun(evaluation)) {
      guard.onInterrupt(evaluation::stop);
      if (evaluation.needsEpisodesInOrder() && workers > 1) {
        note("agent %s acts across episodes, so one worker runs them in order".formatted(agent));
      }
      return run(evaluation, run);
    }
  }

  private int run(Evaluation evaluation, RunFolder run) throws IOException {
    Optional<EvaluationResult> result;
    try (EvaluationProgress progress = new EvaluationProgress(err())) {
      result = evaluation.run(run, workers, quiet ? EvaluationListener.NONE : progress);
    } catch (EpisodeFailedException e) {
      note("finished episodes are kept in %s; to try again: %s".formatted(run.path(), again(run)));
      throw e;
    }
    if (result.isEmpty()) {
      note(
          "stopped; finished episodes are kept in %s; to go on: %s"
              .formatted(run.path(), again(run)));
      return ExitCode.SOFTWARE;
    }
    PrintWriter stdout = spec.commandLine().getOut();
    if (json) {
      ObjectNode object = result.get().toJson();
      object.put("run", run.path().toString());
      stdout.println(object);
    } else {
      new EvaluationTable(result.get(), run.path()).print(stdout);
    }
    return ExitCode.OK;
  }

  private RunFolder openRun(Evaluation evaluation) throws IOException {
    ObjectNode config = evaluation.configJson();
    String name = RunFolder.name(environment, agent, "s" + seed);
    Path path = out;
    if (path == null) {
      path =
          resume
              ? RunFolder.newest(RUNS, name, config)
                  .orElseThrow(() ->
                      new BadRequestException(
                          "no run of this evaluation in %s to go on with; name its folder by"
                                  .formatted(RUNS)
                              + " --out, or leave out --resume"))
              : RunFolder.unused(RUNS, LocalDate.now(ZoneId.systemDefault()), name);
    }
    boolean vacant = RunFolder.isVacant(path);
    if (resume && !vacant) {
      RunFolder.requireSame(path, config);
      return RunFolder.reopen(path, config, Provenance.now(command(), seed, workers));
    }
    RunFolder.requireNew(path);
    if (resume) {
      note("nothing to go on with in %s, so all episodes are run".formatted(path));
    }
    return RunFolder.create(path, config, Provenance.now(command(), seed, workers));
  }

  private List<String> command() {
    return spec.commandLine().getParseResult().originalArgs();
  }

  /** Returns the command that completes a run. */
  private String again(RunFolder run) {
    List<String> words = new ArrayList<>(command());
    if (out == null) {
      words.addAll(List.of("--out", run.path().toString()));
    }
    if (!resume) {
      words.add("--resume");
    }
    return "umwelt " + String.join(" ", words.stream().map(EvaluateCommand::quoted).toList());
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private void note(String line) {
    err().println("umwelt: " + line);
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
