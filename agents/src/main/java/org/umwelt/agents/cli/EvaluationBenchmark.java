package org.umwelt.agents.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.umwelt.agents.jobs.EngineOptions;
import org.umwelt.agents.jobs.Engines;
import org.umwelt.agents.jobs.JobRunner;
import org.umwelt.agents.suites.Suite;
import org.umwelt.agents.suites.SuiteJobs;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.files.TemporaryFolder;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.onnx.Port;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.weights.ElementType;
import org.umwelt.kernels.weights.StoredTensor;

/**
 * {@code umwelt bench evaluate}: evaluation jobs per second, one episode each, of a small
 * convolutional policy in ONNX that plays Pong from raw pixels, against Python doing the same:
 * Gymnasium's AsyncVectorEnv and ONNX Runtime. Both sides play the same seeds, greedily, in as many
 * processes, and must come to the same rewards.
 *
 * <p>Besides: how long it takes from the start of the command to the first step, both sides from
 * scratch, and what an engine costs per job where jobs are next to nothing.
 */
public final class EvaluationBenchmark implements Benchmark {
  private static final String ENVIRONMENT = "ALE/Pong-v5";
  private static final int ACTIONS = 6;
  private static final double JOBS_GOAL = 2;
  private static final double START_GOAL = 1;
  private static final String SMALL = "umwelt/Catch-v0?max_episode_steps=1";

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "evaluation jobs/s and time to the first step, against gymnasium with onnxruntime";
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.integer("rounds", 5, 5, 1000, "Interleaved rounds that count."),
        Setting.integer("workers", 2, 1, 1024, "Processes on either side."),
        Setting.integer("jobs", 8, 1, 100_000, "Jobs per worker and round."),
        Setting.integer("steps", 250, 1, 100_000, "Most steps of an episode."),
        Setting.integer("small", 500, 1, 1_000_000, "Jobs that measure the engine itself."),
        Setting.text("engine", Engines.LOCAL, "Engine, as evaluate --engine takes it."),
        Setting.text(
            "python", "", "Python with gymnasium, ale-py and onnxruntime; UMWELT_PYTHON else."));
  }

  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    try (TemporaryFolder folder = TemporaryFolder.create("umwelt-bench-")) {
      Path model = folder.path().resolve("policy.onnx");
      policy().model(Map.of()).write(model);
      return measure(settings, folder.path(), model, progress);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Measurement> measure(
      Settings settings, Path folder, Path model, Consumer<String> progress) throws IOException {
    int workers = settings.intValue("workers");
    int jobs = workers * settings.intValue("jobs");
    int steps = settings.intValue("steps");
    int rounds = settings.intValue("rounds");
    String agent = "onnx:%s?temperature=0".formatted(model);
    String environment = "%s?max_episode_steps=%d".formatted(ENVIRONMENT, steps);
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    List<Double> ourStart = new ArrayList<>();
    List<Double> theirStart = new ArrayList<>();
    List<Double> overhead = new ArrayList<>();
    String version;
    try (JobRunner engine =
            Engines.open(settings.text("engine"), new EngineOptions(workers, folder));
        PythonEvaluation peer =
            PythonEvaluation.start(settings.text("python"), model, ENVIRONMENT, workers, steps)
                .orElseThrow(() ->
                    new BadRequestException(
                        "expected a Python with gymnasium, ale-py and onnxruntime (pip install"
                            + " gymnasium ale-py onnxruntime); python=EXE or UMWELT_PYTHON names it"))) {
      version = peer.version();
      for (int round = 0; round <= rounds; round++) {
        progress.accept(round == 0 ? "warming up" : "round %d of %d".formatted(round, rounds));
        Cost mine = run(engine, agent, environment, jobs, (long) round * jobs);
        PythonEvaluation.Played other = peer.play(mine.seeds());
        if (mine.totalReward() != other.totalReward() || mine.steps() != other.steps()) {
          throw new IllegalStateException(
              "the two sides played differently: rewards %s and %s, steps %d and %d"
                  .formatted(mine.totalReward(), other.totalReward(), mine.steps(), other.steps()));
        }
        double start = seconds(ourCommand(agent, folder.resolve("run-" + round)));
        double otherStart = seconds(peer.once());
        int small = settings.intValue("small");
        Cost trivial = run(engine, "noop", SMALL, small, (long) round * small);
        if (round > 0) {
          ours.add(jobs / mine.seconds());
          theirs.add(jobs / other.seconds());
          ourStart.add(1 / start);
          theirStart.add(1 / otherStart);
          overhead.add(1000 * trivial.seconds() * workers / small);
        }
      }
    }
    return List.of(
        new Measurement(
            "jobs of Pong, %d steps at most".formatted(steps),
            "jobs/s",
            ours,
            "AsyncVectorEnv, " + version,
            theirs,
            JOBS_GOAL,
            "%d processes each, engine %s; same rewards"
                .formatted(workers, settings.text("engine"))),
        new Measurement(
            "starts up to the first step",
            "starts/s",
            ourStart,
            "python, the same",
            theirStart,
            START_GOAL,
            "process to process; neither side records the episode"),
        Measurement.alone(
            "job of one step, per worker",
            "ms",
            overhead,
            "all of the engine, and the job itself; aimed at: 5 local, 50 Spark"));
  }

  /** What jobs cost, and what came of them. */
  private record Cost(double seconds, double totalReward, long steps, long[] seeds) {}

  /** Runs jobs of one episode each under one master seed. */
  private static Cost run(
      JobRunner engine, String agent, String environment, int jobs, long masterSeed)
      throws IOException {
    Suite suite =
        new Suite(
            "bench", List.of(agent), List.of(environment), List.of(), List.of(masterSeed), jobs, 1);
    SuiteJobs all = new SuiteJobs(suite);
    double[] totalReward = new double[1];
    long[] steps = new long[1];
    List<Long> seeds = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    long start = System.nanoTime();
    engine.run(
        all.all(),
        result -> {
          if (result.isFailed()) {
            failures.add(result.error());
          }
          result
              .episodes()
              .forEach(episode -> {
                totalReward[0] += episode.totalReward();
                steps[0] += episode.length();
                seeds.add(episode.seed());
              });
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!failures.isEmpty() || seeds.size() != jobs) {
      throw new IOException(
          "%d of %d jobs failed: %s"
              .formatted(jobs - seeds.size(), jobs, failures.isEmpty() ? "" : failures.getFirst()));
    }
    return new Cost(
        seconds, totalReward[0], steps[0], seeds.stream().flatMapToLong(LongStream::of).toArray());
  }

  /** The command of this JVM, without what only faster kernels need. */
  private static List<String> ourCommand(String agent, Path run) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("--add-modules"))
        .forEach(words::add);
    String cache = System.getProperty("umwelt.cache"); // set by the launcher, as it starts evaluate
    if (cache != null) {
      words.add("-XX:AOTCache=" + cache);
    }
    Stream.of(
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "evaluate",
            "--env",
            ENVIRONMENT + "?max_episode_steps=1",
            "--agent",
            agent,
            "--episodes",
            "1",
            "--seed",
            "0",
            "--quiet",
            "--record",
            "none",
            "--out",
            run.toString())
        .forEach(words::add);
    return words;
  }

  private static double seconds(List<String> command) throws IOException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException("%s ended with %d".formatted(command.getFirst(), code));
      }
      return (System.nanoTime() - start) / 1e9;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new BadRequestException("interrupted", e);
    }
  }

  /** Two convolutions and a linear layer with fixed random weights, from pixels to logits. */
  private static OnnxGraph policy() {
    RandomStream random = new RandomStream(1);
    OnnxGraph graph = new OnnxGraph("policy", "fixed random weights");
    GraphValue pixels = graph.input(Port.of("observation", ElementType.U8, "batch", 210, 160, 3));
    GraphValue levels = graph.op("Cast", Map.of("to", 1L), pixels);
    GraphValue planes =
        graph.op(
            "Transpose",
            Map.of("perm", new long[] {0, 3, 1, 2}),
            graph.op("Div", levels, graph.constant(255))); // (n, 3, 210, 160)
    GraphValue first =
        convolution(
            graph, planes, weights(graph, random, "first", 8, 3, 8, 8), 8); // (n, 8, 26, 20)
    GraphValue second =
        convolution(
            graph, first, weights(graph, random, "second", 16, 8, 4, 4), 2); // (n, 16, 12, 9)
    GraphValue flat = graph.op("Flatten", second);
    graph.output(
        Port.of("logits", ElementType.F32, "batch", ACTIONS),
        graph.op("MatMul", flat, weights(graph, random, "head", 16 * 12 * 9, ACTIONS)));
    return graph;
  }

  private static GraphValue convolution(
      OnnxGraph graph, GraphValue input, GraphValue weights, long stride) {
    return graph.op(
        "Relu", graph.op("Conv", Map.of("strides", new long[] {stride, stride}), input, weights));
  }

  private static GraphValue weights(
      OnnxGraph graph, RandomStream random, String name, long... shape) {
    long count = 1;
    long inputs = 1;
    for (int i = 0; i < shape.length; i++) {
      count *= shape[i];
      inputs *= i == 0 && shape.length > 2 ? 1 : shape[i];
    }
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
    }
    return graph.weight(name, StoredTensor.of(values, shape));
  }
}
