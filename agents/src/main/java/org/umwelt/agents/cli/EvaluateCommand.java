package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.evaluation.EpisodeFailedException;
import org.umwelt.agents.evaluation.Evaluation;
import org.umwelt.agents.evaluation.EvaluationConfig;
import org.umwelt.agents.evaluation.EvaluationListener;
import org.umwelt.agents.evaluation.EvaluationResult;
import org.umwelt.agents.iris.DivergenceExperiment;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
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
  /** Of which episodes the steps are kept. */
  private enum Steps {
    ALL,
    NONE
  }

  private static final int CHECKPOINT_EVERY = 10; // start states of a divergence

  @Spec private CommandSpec spec;

  @Option(
      names = "--env",
      paramLabel = "ID",
      description = "Environment, such as umwelt/Catch-v0 or ALE/Pong-v5?frameskip=1.")
  private @Nullable String environment;

  @Option(
      names = "--agent",
      paramLabel = "NAME|FILE",
      description = "Agent, such as random or actions:FILE.")
  private @Nullable String agent;

  @Option(names = "--episodes", paramLabel = "N", description = "How many episodes.")
  private @Nullable Integer episodes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Master seed all episodes' seeds derive from; ${DEFAULT-VALUE} by default.")
  private long seed = 0;

  @Option(
      names = "--workers",
      paramLabel = "W",
      description =
          "Threads, or processes of jobs; as many as processors by default. The result does not depend on it.")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Mixin private RunRequest runs;

  @Mixin private SuiteRequest suites;

  @Option(
      names = "--record",
      paramLabel = "all|none",
      description = "Which episodes' steps are kept; all by default, none of jobs.")
  private @Nullable Steps record;

  @Option(
      names = "--divergence",
      arity = "0..*",
      paramLabel = "key=value",
      description = {
        "Instead of returns: how many steps the dreams of an IRIS agent stay with reality, from as"
            + " many start states as --episodes says.",
        "Settings: horizon, futures, spread, fraction, temperature, policy_temperature."
      })
  private @Nullable List<String> divergence;

  @Option(names = "--json", description = "Print one JSON object instead of a table.")
  private boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    if (workers < 1) {
      throw new BadRequestException("expected --workers of at least 1, got " + workers);
    }
    if (suites.isAsked() && (divergence != null || record == Steps.ALL)) {
      throw new BadRequestException(
          "expected --suite and --engine without %s: jobs keep returns alone"
              .formatted(divergence != null ? "--divergence" : "--record all"));
    }
    if (suites.hasFile()) {
      return suites.run(suites.fromFile(), runs, workers, json, quiet);
    }
    return evaluate(
        required("--env", environment),
        required("--agent", agent),
        required("--episodes", episodes));
  }

  private static <T> T required(String option, @Nullable T value) {
    if (value == null) {
      throw new BadRequestException(
          "expected --env, --agent and --episodes, or --suite; found no %s (umwelt evaluate --help shows what it takes)"
              .formatted(option));
    }
    return value;
  }

  private int evaluate(String environment, String agent, int episodes) throws IOException {
    if (divergence != null) {
      return divergence(divergence, environment, agent, episodes);
    }
    EvaluationConfig config =
        new EvaluationConfig(environment, agent, episodes, seed, record != Steps.NONE);
    if (suites.isAsked()) {
      return suites.run(
          SuiteRequest.single(environment, agent, episodes, seed), runs, workers, json, quiet);
    }
    try (InterruptGuard guard = new InterruptGuard();
        Evaluation evaluation = new Evaluation(config);
        RunFolder run = openRun(config, evaluation)) {
      guard.onInterrupt(evaluation::stop);
      if (evaluation.needsEpisodesInOrder() && workers > 1) {
        runs.note(
            "agent %s acts across episodes, so one worker runs them in order".formatted(agent));
      }
      return run(evaluation, run);
    }
  }

  private int divergence(List<String> words, String environment, String agent, int episodes)
      throws IOException {
    DivergenceExperiment experiment = new DivergenceExperiment();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("agent", agent);
    values.put("env", environment);
    values.put("starts", Integer.toString(episodes));
    values.put("seed", Long.toString(seed));
    String title = "evaluate --divergence";
    Services.values(title, experiment.settings(), words)
        .forEach((name, value) -> {
          if (values.putIfAbsent(name, value) != null) {
            throw new BadRequestException(
                "%s: expected %s to be given by its option (--agent, --env, --episodes, --seed), got %s=%s"
                    .formatted(title, name, name, value));
          }
        });
    return new ExperimentRun(
            spec, runs, line -> err().println(title + ": " + line), "starts", json, quiet)
        .run(
            experiment,
            new Settings(title, experiment.settings(), values),
            CHECKPOINT_EVERY,
            (result, run, out) -> new DivergenceTable(result, run).print(out));
  }

  private int run(Evaluation evaluation, RunFolder run) throws IOException {
    Optional<EvaluationResult> result;
    try (EvaluationProgress progress = new EvaluationProgress(err())) {
      result = evaluation.run(run, workers, quiet ? EvaluationListener.NONE : progress);
    } catch (EpisodeFailedException e) {
      runs.note(
          "finished episodes are kept in %s; to try again: %s"
              .formatted(run.path(), runs.again(run.path())));
      throw e;
    }
    if (result.isEmpty()) {
      runs.note(
          "stopped; finished episodes are kept in %s; to go on: %s"
              .formatted(run.path(), runs.again(run.path())));
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

  private RunFolder openRun(EvaluationConfig asked, Evaluation evaluation) throws IOException {
    ObjectNode config = evaluation.configJson();
    String name = RunFolder.name(asked.environment(), asked.agent(), "s" + seed);
    Path path = runs.folder(name, config);
    return runs.open(path, config, Provenance.now(runs.command(), seed, workers));
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
