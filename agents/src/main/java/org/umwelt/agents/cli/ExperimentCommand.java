package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.SettingsFile;
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
    return new ExperimentRun(spec, runs, request.progress(), epochs, request.json, quiet)
        .run(experiment, settings, checkpointEvery, this::print);
  }

  private Map<String, String> fromFile(List<Setting> declared) {
    if (config == null) {
      return Map.of();
    }
    Map<String, String> values = SettingsFile.read(config);
    return new Settings(config.toString(), declared, values).given();
  }
}
