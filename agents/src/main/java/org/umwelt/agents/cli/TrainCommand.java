package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.umwelt.agents.training.Experiment;
import picocli.CommandLine.Command;

/** {@code umwelt train}: one training run, which can be gone on with after any crash. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train what an experiment describes; a run that was stopped or killed goes on by --resume.",
      "Without NAME: what can be trained."
    })
final class TrainCommand extends ExperimentCommand<Experiment> {
  TrainCommand() {
    super("experiment", "epochs");
  }

  @Override
  ServiceLoader<Experiment> load() {
    return ServiceLoader.load(Experiment.class);
  }

  @Override
  void print(ObjectNode result, Path run, PrintWriter out) {
    new TrainingTable(result, run).print(out);
  }
}
