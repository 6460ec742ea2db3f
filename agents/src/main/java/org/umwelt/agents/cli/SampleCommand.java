package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.umwelt.agents.sampling.Sampling;
import picocli.CommandLine.Command;

/** {@code umwelt sample}: draws samples, with errors that know their autocorrelation. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Draw samples, with errors and autocorrelation times; a run that was stopped or killed goes on by --resume.",
      "Without NAME: what can be sampled."
    })
final class SampleCommand extends ExperimentCommand<Sampling> {
  SampleCommand() {
    super("sampler", "blocks");
  }

  @Override
  ServiceLoader<Sampling> load() {
    return ServiceLoader.load(Sampling.class);
  }

  @Override
  void print(ObjectNode result, Path run, PrintWriter out) {
    new SamplingTable(result, run).print(out);
  }
}
