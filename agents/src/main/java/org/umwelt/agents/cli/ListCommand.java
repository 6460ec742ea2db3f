package org.umwelt.agents.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentEntry;
import org.umwelt.agents.Agents;
import org.umwelt.agents.cli.Services.Named;
import org.umwelt.agents.sampling.Sampling;
import org.umwelt.agents.training.Experiment;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.backend.Backends;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.verification.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code umwelt list}: what there is, one line each; with an id, the settings it takes. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "What there is, one line each.",
      "With the id of an environment or the name of an experiment or sampler: what it takes."
    })
final class ListCommand implements Callable<Integer> {
  /** What can be listed. */
  enum Kind {
    ENVIRONMENTS,
    AGENTS,
    EXPERIMENTS,
    SAMPLERS,
    KERNELS,
    VERIFICATIONS,
    BENCHMARKS
  }

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "KIND",
      description = "One of ${COMPLETION-CANDIDATES}; all without.")
  private @Nullable Kind kind;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "An environment, experiment or sampler: lists what it takes, with defaults.")
  private @Nullable String id;

  @Option(names = "--json", description = "One JSON object on stdout.")
  private boolean json;

  @Override
  public Integer call() {
    SequencedMap<String, List<Named>> kinds = new LinkedHashMap<>();
    if (id != null && kind == Kind.ENVIRONMENTS) {
      kinds.put(id, settings(Environments.settings(Environments.find(EnvironmentId.parse(id)))));
    } else if (id != null && kind == Kind.EXPERIMENTS) {
      kinds.put(
          id,
          settings(Services.find("experiment", id, experiments(), Experiment::name).settings()));
    } else if (id != null && kind == Kind.SAMPLERS) {
      kinds.put(id, settings(Services.find("sampler", id, samplers(), Sampling::name).settings()));
    } else {
      for (Kind each : kind == null ? List.of(Kind.values()) : List.of(kind)) {
        kinds.put(each.name().toLowerCase(Locale.ROOT), names(each));
      }
    }
    Services.print(spec.commandLine().getOut(), json, kinds);
    return ExitCode.OK;
  }

  private static List<Named> names(Kind kind) {
    return switch (kind) {
      case ENVIRONMENTS -> environments();
      case AGENTS -> Services.named(Agents.entries(), AgentEntry::usage, AgentEntry::summary);
      case EXPERIMENTS -> Services.named(experiments(), Experiment::name, Experiment::summary);
      case SAMPLERS -> Services.named(samplers(), Sampling::name, Sampling::summary);
      case KERNELS -> kernels();
      case VERIFICATIONS ->
          Services.named(
              Services.sorted(ServiceLoader.load(Verification.class), Verification::name),
              Verification::name,
              Verification::summary);
      case BENCHMARKS ->
          Services.named(
              Services.sorted(ServiceLoader.load(Benchmark.class), Benchmark::name),
              Benchmark::name,
              Benchmark::summary);
    };
  }

  /** Returns every id, then the forms of those that cannot be listed. */
  private static List<Named> environments() {
    List<Named> rows =
        new ArrayList<>(
            Services.named(
                Environments.entries(), EnvironmentEntry::id, EnvironmentEntry::summary));
    Environments.forms().forEach((form, summary) -> rows.add(new Named(form, summary)));
    return rows;
  }

  /** Returns every kernel with its back ends, then every back end with why it would run or not. */
  private static List<Named> kernels() {
    List<Named> rows = new ArrayList<>();
    String chosen = Backends.chosen().name();
    for (Kernel kernel : Backends.kernels()) {
      rows.add(
          new Named(
              kernel.name(),
              "%s; on cpu (%s) and tornado, here on %s"
                  .formatted(kernel.summary(), kernel.onProcessors(), chosen)));
    }
    for (Backends.Found found : Backends.all()) {
      String name = found.name();
      String state =
          !found.availability().available()
              ? "missing here"
              : name.equals(chosen)
                  ? "available, and what auto stands for here"
                  : chosen.equals("cpu") ? "available, but without a GPU" : "available";
      rows.add(
          new Named("backend=" + name, "%s: %s".formatted(state, found.availability().reason())));
    }
    return rows;
  }

  private static List<Sampling> samplers() {
    return Services.sorted(ServiceLoader.load(Sampling.class), Sampling::name);
  }

  private static List<Experiment> experiments() {
    return Services.sorted(ServiceLoader.load(Experiment.class), Experiment::name);
  }

  private static List<Named> settings(List<Setting> settings) {
    List<Named> rows = new ArrayList<>();
    for (Setting setting : settings) {
      rows.add(
          new Named(
              setting.name() + "=" + setting.defaultValue(),
              setting.description() + " (" + setting.expected() + ")"));
    }
    return rows;
  }
}
