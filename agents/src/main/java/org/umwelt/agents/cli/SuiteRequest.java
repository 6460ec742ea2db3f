package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.jobs.CodeVersion;
import org.umwelt.agents.jobs.EngineOptions;
import org.umwelt.agents.jobs.Engines;
import org.umwelt.agents.jobs.JobLog;
import org.umwelt.agents.jobs.JobResult;
import org.umwelt.agents.jobs.JobRunner;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.suites.Suite;
import org.umwelt.agents.suites.SuiteFile;
import org.umwelt.agents.suites.SuiteRun;
import org.umwelt.kernels.settings.BadRequestException;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The words of an evaluation by jobs, and how one is run. */
final class SuiteRequest {
  /** Episodes of one job of an evaluation that is no suite. */
  private static final int EPISODES_PER_JOB = 10;

  private static final int FAILURES_SHOWN = 5;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--suite",
      paramLabel = "FILE.yaml",
      description =
          "Evaluate every agent in every environment under every seed of a suite, in place of --env, --agent, --episodes and --seed.")
  private @Nullable Path file;

  @Option(
      names = "--engine",
      paramLabel = "local|spark:MASTER",
      description = {
        "What runs the jobs: worker processes of this machine, or Spark, such as spark:local[2]"
            + " or spark:spark://host:7077.",
        "local by default for a suite; without --suite and --engine, threads of this process."
      })
  private @Nullable String engine;

  @Option(
      names = "--reuse",
      paramLabel = "DIR",
      description = "Take over what is the same in the run folder of another suite.")
  private List<Path> others = List.of();

  /** Returns whether jobs are asked for. */
  boolean isAsked() {
    return file != null || engine != null || !others.isEmpty();
  }

  /** Returns the suite of the file, which takes the place of the words of one evaluation. */
  Suite fromFile() {
    Path asked = Objects.requireNonNull(file);
    ParseResult words = spec.commandLine().getParseResult();
    for (String option : List.of("--env", "--agent", "--episodes", "--seed")) {
      if (words.hasMatchedOption(option)) {
        throw new BadRequestException(
            "expected %s to stand in the suite %s, got it as an option".formatted(option, asked));
      }
    }
    return SuiteFile.read(asked);
  }

  boolean hasFile() {
    return file != null;
  }

  /** Returns an evaluation as a suite of one cell. */
  static Suite single(String environment, String agent, int episodes, long seed) {
    return new Suite(
        RunFolder.name(environment, agent),
        List.of(agent),
        List.of(environment),
        List.of(),
        List.of(seed),
        episodes,
        EPISODES_PER_JOB);
  }

  int run(Suite suite, RunRequest runs, int workers, boolean json, boolean quiet)
      throws IOException {
    String asked = Objects.requireNonNullElse(engine, Engines.LOCAL);
    others.forEach(other -> JobLog.requireReadable(other.resolve(JobLog.NAME)));
    SuiteRun prepared = new SuiteRun(suite);
    ObjectNode config = suite.toJson();
    Path path = runs.folder(RunFolder.name("suite", suite.name()), config);
    ObjectNode provenance = Provenance.now(runs.command());
    provenance.put("workers", workers).put("engine", asked).put("code", CodeVersion.get().digest());
    try (InterruptGuard guard = new InterruptGuard();
        JobRunner runner = Engines.open(asked, new EngineOptions(workers, path));
        RunFolder run = runs.open(path, config, provenance)) {
      guard.onInterrupt(runner::stop);
      SuiteRun.Outcome outcome;
      try (SuiteProgress progress = new SuiteProgress(err(), quiet)) {
        outcome = prepared.run(run, others, runner, progress);
      } catch (IOException | RuntimeException e) {
        runs.note(kept("failed", "try again", run, runs));
        throw e;
      }
      return report(outcome, run, runs, json);
    }
  }

  private int report(SuiteRun.Outcome outcome, RunFolder run, RunRequest runs, boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    List<JobResult> failed = outcome.failed();
    if (json) {
      ObjectNode object = outcome.result().toJson();
      object.put("missing", outcome.missing());
      ArrayNode failures = object.putArray("failed");
      failed.forEach(
          one -> failures.addObject().put("job", one.job().toString()).put("error", one.error()));
      object.put("run", run.path().toString());
      out.println(object);
    } else {
      new SuiteTable(outcome, run.path()).print(out);
    }
    if (outcome.missing() == 0) {
      return ExitCode.OK;
    }
    failed.stream()
        .limit(FAILURES_SHOWN)
        .forEach(one -> runs.note("%s failed: %s".formatted(one.job(), one.error())));
    runs.note(
        failed.isEmpty()
            ? kept("stopped", "go on", run, runs)
            : kept("%d jobs failed".formatted(failed.size()), "try again", run, runs));
    return ExitCode.SOFTWARE;
  }

  private static String kept(String what, String mend, RunFolder run, RunRequest runs) {
    return "%s; finished jobs are kept in %s; to %s: %s"
        .formatted(what, run.path(), mend, runs.again(run.path()));
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
