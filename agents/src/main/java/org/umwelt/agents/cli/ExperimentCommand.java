package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.training.Checkpoint;
import org.umwelt.agents.training.Checkpoints;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.agents.training.EpochFailedException;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.SettingsFile;
import org.umwelt.agents.training.Training;
import org.umwelt.agents.training.TrainingListener;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What {@code umwelt train} and {@code umwelt sample} share: a run of an experiment, an epoch at a
 * time, which can be gone on with after any crash.
 *
 * @param <E> the experiments it runs
 */
abstract class ExperimentCommand<E extends Experiment> implements Callable<Integer> {
  private final String kind;
  private final String epochs;
  @Spec private CommandSpec spec;

  @Mixin private NamedRequest request;

  @Mixin private RunRequest runs;

  @Option(
      names = "--config",
      paramLabel = "FILE.yaml",
      description = "Settings from a file, nested or with dots; key=value words override them.")
  private @Nullable Path config;

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description =
          "Epochs or blocks from one checkpoint to the next; ${DEFAULT-VALUE} by default. The result"
              + " does not depend on it.")
  private int checkpointEvery = 1;

  @Option(
      names = {"-q", "--quiet"},
      description = "Show no progress.")
  private boolean quiet;

  /**
   * Creates the command.
   *
   * @param kind what an experiment is called here
   * @param epochs what its epochs are called
   */
  ExperimentCommand(String kind, String epochs) {
    this.kind = kind;
    this.epochs = epochs;
  }

  /** Finds what can be run. */
  abstract ServiceLoader<E> load();

  /** Prints a result for people to read. */
  abstract void print(ObjectNode result, Path run, PrintWriter out);

  @Override
  public Integer call() throws IOException {
    E experiment = request.find(kind, load(), Experiment::name, Experiment::summary);
    if (experiment == null) {
      return ExitCode.OK;
    }
    if (checkpointEvery < 1) {
      throw new BadRequestException(
          "expected --checkpoint-every of at least 1, got " + checkpointEvery);
    }
    List<Setting> declared = experiment.settings();
    Settings settings = request.settings(declared, fromFile(declared));
    ObjectNode resolved = Training.configJson(experiment, settings);
    Path path = runs.folder(RunFolder.name(experiment.name()), resolved);
    if (runs.goesOn(path)) {
      Optional<ObjectNode> complete = RunFolder.result(path);
      if (complete.isPresent()) {
        return print(complete.get(), path);
      }
    }
    try (InterruptGuard guard = new InterruptGuard();
        Training training = new Training(experiment, settings, path);
        RunFolder run = runs.open(path, resolved, Provenance.now(runs.command()))) {
      guard.onInterrupt(training::stop);
      return run(training, run);
    }
  }

  private Map<String, String> fromFile(List<Setting> declared) {
    if (config == null) {
      return Map.of();
    }
    Map<String, String> values = SettingsFile.read(config);
    return new Settings(config.toString(), declared, values).given();
  }

  private int run(Training training, RunFolder run) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (!quiet) {
      training.preamble().forEach(request.progress());
    }
    Optional<ObjectNode> result;
    try (TrainingProgress progress = new TrainingProgress(spec.name(), epochs, err)) {
      result = training.run(run, checkpointEvery, quiet ? TrainingListener.NONE : progress);
    } catch (DivergedException e) {
      runs.note(String.valueOf(e.getMessage()));
      return ExitCode.SOFTWARE;
    } catch (EpochFailedException e) {
      runs.note("%s; to try again: %s".formatted(kept(run), runs.again(run.path())));
      throw e;
    }
    if (result.isEmpty()) {
      runs.note("stopped; %s; to go on: %s".formatted(kept(run), runs.again(run.path())));
      return ExitCode.SOFTWARE;
    }
    return print(result.get(), run.path());
  }

  private static String kept(RunFolder run) throws IOException {
    return new Checkpoints(run.path())
        .newest()
        .map(Checkpoint::folder)
        .map("the last checkpoint is %s"::formatted)
        .orElse("there is no checkpoint yet");
  }

  private int print(ObjectNode result, Path run) {
    PrintWriter out = spec.commandLine().getOut();
    if (request.json) {
      out.println(result.put("run", run.toString()));
    } else {
      print(result, run, out);
    }
    return ExitCode.OK;
  }
}
