package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.umwelt.agents.runs.Provenance;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.agents.training.Checkpoint;
import org.umwelt.agents.training.Checkpoints;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.agents.training.EpochFailedException;
import org.umwelt.agents.training.Experiment;
import org.umwelt.agents.training.Training;
import org.umwelt.agents.training.TrainingListener;
import org.umwelt.kernels.settings.Settings;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A run of an experiment as a command asks for it: started, or gone on with, and its result
 * printed.
 *
 * @param spec of the command
 * @param runs where the run is
 * @param preamble takes what there is to say before the start
 * @param epochs what epochs are called
 * @param json whether the result is printed as JSON
 * @param quiet whether no progress is shown
 */
record ExperimentRun(
    CommandSpec spec,
    RunRequest runs,
    Consumer<String> preamble,
    String epochs,
    boolean json,
    boolean quiet) {

  /** Prints a result for people to read. */
  @FunctionalInterface
  interface Table {
    void print(ObjectNode result, Path run, PrintWriter out);
  }

  /** Runs what is missing; returns the exit code. */
  int run(Experiment experiment, Settings settings, int checkpointEvery, Table table)
      throws IOException {
    ObjectNode resolved = Training.configJson(experiment, settings);
    Path path = runs.folder(RunFolder.name(experiment.name()), resolved);
    if (runs.goesOn(path)) {
      Optional<ObjectNode> complete = RunFolder.result(path);
      if (complete.isPresent()) {
        return print(complete.get(), path, table);
      }
    }
    try (InterruptGuard guard = new InterruptGuard();
        Training training = new Training(experiment, settings, path);
        RunFolder run =
            runs.open(
                path,
                resolved,
                // A list of runs tells from it how far this one is.
                Provenance.now(runs.command()).put("epochs", training.epochs()))) {
      guard.onInterrupt(training::stop);
      return run(training, run, checkpointEvery, table);
    }
  }

  private int run(Training training, RunFolder run, int checkpointEvery, Table table)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    if (!quiet) {
      training.preamble().forEach(preamble);
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
    return print(result.get(), run.path(), table);
  }

  private static String kept(RunFolder run) throws IOException {
    return new Checkpoints(run.path())
        .newest()
        .map(Checkpoint::folder)
        .map("the last checkpoint is %s"::formatted)
        .orElse("there is no checkpoint yet");
  }

  private int print(ObjectNode result, Path run, Table table) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(result.put("run", run.toString()));
    } else {
      table.print(result, run, out);
    }
    return ExitCode.OK;
  }
}
