package org.umwelt.agents.iris;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.iris.ReferenceProcess.Cost;
import org.umwelt.agents.onnx.TrainedNetworks;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.files.TemporaryFolder;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.iris.SavedIris;

/**
 * {@code umwelt bench acting}: one step of IRIS's policy on random frames, exported to ONNX against
 * the same weights in LibTorch, one thread each.
 */
public final class ActingBenchmark implements Benchmark {
  private static final int WARM_UP = 20; // steps before a side's first round

  @Override
  public String name() {
    return "acting";
  }

  @Override
  public String summary() {
    return "seconds per step of IRIS's policy, exported to ONNX against LibTorch";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text(
            "agent", "", "Whose weights: a run or a file; empty: fresh ones, as iris-small has."),
        Setting.integer("rows", 8, 1, 1024, "Environments per step, measured besides one."),
        Setting.integer("steps", 50, 1, 100_000, "Steps per round."),
        Setting.integer("rounds", 5, 5, 1000, "Interleaved rounds."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    try (TemporaryFolder temporary = TemporaryFolder.create("umwelt-acting-")) {
      Path folder = temporary.path();
      Path weights =
          settings.text("agent").isEmpty()
              ? fresh(folder.resolve(SavedIris.FILE))
              : SavedIris.require(settings.text("agent"), "bench acting").file();
      Path exported = folder.resolve("policy.onnx");
      try (TrainedNetworks networks = new IrisNetworksProvider().open(weights).orElseThrow()) {
        networks.write(networks.parts().sequencedKeySet().getFirst(), Map.of()).write(exported);
      }
      List<Measurement> measurements = new ArrayList<>();
      for (int rows : new TreeSet<>(List.of(1, settings.intValue("rows")))) {
        measurements.addAll(measure(settings, weights, exported, rows, progress));
      }
      return measurements;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Measurement> measure(
      Settings settings, Path weights, Path exported, int rows, Consumer<String> progress) {
    SavedIris saved = SavedIris.require(weights.toString(), "bench acting");
    int size = saved.sizes().tokenizer().resolution();
    Box frames = Box.image(size, size, 3);
    AgentContext context =
        new AgentContext(
            "random frames", frames, Discrete.of(saved.sizes().actions()), Dict.empty(), rows);
    StepBatch steps = StepBatch.allocate(frames, Dict.empty(), rows);
    RandomStream random = new RandomStream(rows);
    for (int row = 0; row < rows; row++) {
      frames.sample(random, steps.row(row).observation());
    }
    int count = settings.intValue("steps");
    AgentFactory ours = Agents.find(exported.toString());
    AgentFactory theirs = Agents.find(weights.toString());
    List<Cost> inOnnx = new ArrayList<>();
    List<Cost> inLibTorch = new ArrayList<>();
    try (Agent one = ours.make(context);
        Agent other = theirs.make(context)) {
      step(one, steps, context, WARM_UP);
      step(other, steps, context, WARM_UP);
      for (int round = 1; round <= settings.intValue("rounds"); round++) {
        progress.accept(
            "%d rows, round %d of %d".formatted(rows, round, settings.intValue("rounds")));
        List<Runnable> sides =
            List.of(
                () -> inOnnx.add(step(one, steps, context, count)),
                () -> inLibTorch.add(step(other, steps, context, count)));
        (round % 2 == 0 ? sides : sides.reversed()).forEach(Runnable::run);
      }
    }
    String quantity = "step of %d row%s".formatted(rows, rows == 1 ? "" : "s");
    return List.of(
        measurement(quantity + ": CPU", inOnnx, inLibTorch, true),
        measurement(quantity + ": wall", inOnnx, inLibTorch, false));
  }

  private static Measurement measurement(
      String quantity, List<Cost> ours, List<Cost> theirs, boolean cpu) {
    return new Measurement(
        quantity,
        "s",
        seconds(ours, cpu),
        "LibTorch",
        seconds(theirs, cpu),
        null,
        "encoder, quantiser, decoder and actor-critic; one thread each");
  }

  private static List<Double> seconds(List<Cost> costs, boolean cpu) {
    return costs.stream().map(cost -> cpu ? cost.cpuSeconds() : cost.wallSeconds()).toList();
  }

  private static Cost step(Agent agent, StepBatch steps, AgentContext context, int count) {
    Batch actions = Batch.allocate(context.actionSpace(), context.rows());
    for (int row = 0; row < context.rows(); row++) {
      agent.begin(row, new EpisodeStart(0, row, 0));
    }
    double cpu = CpuClock.seconds();
    long wall = System.nanoTime();
    for (int i = 0; i < count; i++) {
      agent.act(steps, actions);
    }
    return new Cost((CpuClock.seconds() - cpu) / count, (System.nanoTime() - wall) * 1e-9 / count);
  }

  /** Writes fresh networks of the experiment for a few processor cores. */
  private static Path fresh(Path file) throws IOException {
    IrisExperiment experiment = new IrisExperiment.Small();
    IrisConfig config =
        IrisConfig.of(new Settings(experiment.name(), experiment.settings(), Map.of()));
    IrisWorld.Sizes sizes = config.sizes(6);
    try (IrisNetworks networks = new IrisNetworks(Compute.CPU, sizes, config.hidden(), 0)) {
      SavedIris.write(file, networks.store(), sizes, config.hidden(), "");
    }
    return file;
  }
}
