package org.umwelt.agents.iris;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.iris.IrisWorkload.Work;
import org.umwelt.agents.iris.ReferenceProcess.Cost;
import org.umwelt.kernels.bench.Benchmark;
import org.umwelt.kernels.bench.Measurement;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.worldmodel.iris.TokenizerConfig;
import org.umwelt.worldmodel.iris.WorldModelConfig;

/**
 * {@code umwelt bench iris}: single updates, ours against those of the PyTorch reference
 * (eloialonso/iris) on the same sizes, with as many threads.
 *
 * <p>An update is forward, backward, clipping and optimiser step. Where tokens and reconstructions
 * of frames are kept, both the update that finds them (warm) and the one that has to make them
 * (cold) are measured, against the same update of the reference, which makes them every time. The
 * imagined step is one in the middle of the horizon: transformer passes, samples, and the frame
 * decoded.
 *
 * <p>CPU seconds are those of the whole process, garbage collector and compiler included. Rounds
 * are interleaved, ours first in every other one, and the first round is not counted.
 */
public final class IrisBenchmark implements Benchmark {
  private static final String PAPER = "paper";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Batches at the paper's sizes that a few cores can bear; the paper's are 256, 64 and 64. */
  private static final Map<String, String> BEARABLE =
      Map.of("tokenizer.batch", "32", "world_model.batch", "8", "actor_critic.batch", "8");

  /** Settings of the training that are settings here too. */
  private static final Set<String> SHARED = Set.of("threads", "frames_per_pass", "rows_per_pass");

  @Override
  public String name() {
    return "iris";
  }

  @Override
  public String summary() {
    return "seconds per update of IRIS's tokenizer, world model and policy against the PyTorch reference";
  }

  @Override
  public List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(Setting.text("reference", "", "Checkout of eloialonso/iris; empty: ours alone."));
    settings.add(
        Setting.text("python", "", "Python with torch for it; empty: UMWELT_PYTHON or python3."));
    settings.add(Setting.choice("size", PAPER, List.of(PAPER, "small"), "Whose sizes."));
    settings.add(Setting.integer("rounds", 5, 5, 1000, "Interleaved rounds that count."));
    settings.add(Setting.integer("actions", 6, 1, 18, "How many actions there are."));
    for (String batch : BEARABLE.keySet().stream().sorted().toList()) {
      settings.add(
          Setting.integer(
              batch,
              0,
              0,
              65_536,
              "Per update; 0 for %s at the paper's size, %s at the small one."
                  .formatted(BEARABLE.get(batch), smallBatch(batch))));
    }
    IrisConfig.settings().stream()
        .filter(setting -> SHARED.contains(setting.name()))
        .forEach(settings::add);
    return settings;
  }

  private static String smallBatch(String name) {
    return new Settings("iris-small", new IrisExperiment.Small().settings(), Map.of()).text(name);
  }

  /**
   * {@inheritDoc}
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where the reference, its Python or one
   *     of its packages is missing
   */
  @Override
  public List<Measurement> run(Settings settings, Consumer<String> progress) {
    IrisConfig config = config(settings);
    int actions = settings.intValue("actions");
    int rounds = settings.intValue("rounds");
    try (ReferenceProcess reference = reference(settings, config, actions);
        IrisWorkload workload = new IrisWorkload(config, actions)) {
      Map<String, List<Cost>> ours = new HashMap<>();
      Map<String, List<Cost>> theirs = new HashMap<>();
      for (int round = 0; round <= rounds; round++) {
        progress.accept(round == 0 ? "warming up" : "round %d of %d".formatted(round, rounds));
        Map<String, List<Cost>> into = round == 0 ? new HashMap<>() : ours;
        for (Map.Entry<String, List<Work>> group : workload.groups().entrySet()) {
          List<Runnable> sides = new ArrayList<>();
          for (Work work : group.getValue()) {
            sides.add(() -> add(into, work.name(), work.measure()));
          }
          if (reference != null) {
            Map<String, List<Cost>> there = round == 0 ? new HashMap<>() : theirs;
            sides.add(1, () -> add(there, group.getKey(), reference.run(group.getKey())));
          }
          (round % 2 == 0 ? sides : sides.reversed()).forEach(Runnable::run);
        }
      }
      return measurements(workload, ours, theirs, reference == null ? null : reference.version());
    }
  }

  private static void add(Map<String, List<Cost>> costs, String name, Cost cost) {
    costs.computeIfAbsent(name, _ -> new ArrayList<>()).add(cost);
  }

  private static List<Measurement> measurements(
      IrisWorkload workload,
      Map<String, List<Cost>> ours,
      Map<String, List<Cost>> theirs,
      @Nullable String version) {
    String note =
        version == null
            ? "%s; no reference (set reference to a checkout of eloialonso/iris)"
                .formatted(libraries())
            : "%s; theirs PyTorch %s".formatted(libraries(), version);
    Map<String, ToDoubleFunction<Cost>> clocks = new LinkedHashMap<>();
    clocks.put("CPU", Cost::cpuSeconds);
    clocks.put("wall", Cost::wallSeconds);
    List<Measurement> measurements = new ArrayList<>();
    workload
        .groups()
        .forEach((peer, works) -> {
          for (Work work : works) {
            clocks.forEach((clock, seconds) ->
                measurements.add(
                    new Measurement(
                        "%s: %s".formatted(work.name(), clock),
                        "s",
                        seconds(ours.get(work.name()), seconds),
                        version == null ? null : "eloialonso/iris",
                        seconds(theirs.get(peer), seconds),
                        work.goal(),
                        note)));
          }
        });
    return measurements;
  }

  private static List<Double> seconds(@Nullable List<Cost> costs, ToDoubleFunction<Cost> clock) {
    return costs == null ? List.of() : costs.stream().mapToDouble(clock).boxed().toList();
  }

  /** Returns the versions our side computes with. */
  private static String libraries() {
    try (BytePointer text = torch.show_config()) {
      Matcher version = Pattern.compile("TORCH_VERSION=([\\w.]+)").matcher(text.getString());
      return "ours LibTorch %s, BLAS %s"
          .formatted(
              version.find() ? version.group(1) : "of an unknown version",
              openblas_nolapack.OPENBLAS_VERSION.strip());
    }
  }

  private static IrisConfig config(Settings settings) {
    boolean paper = settings.text("size").equals(PAPER);
    Map<String, String> values = new HashMap<>(paper ? BEARABLE : Map.of());
    for (String batch : BEARABLE.keySet()) {
      if (settings.intValue(batch) > 0) {
        values.put(batch, settings.text(batch));
      }
    }
    SHARED.forEach(name -> values.put(name, settings.text(name)));
    IrisExperiment experiment = paper ? new IrisExperiment() : new IrisExperiment.Small();
    return IrisConfig.of(new Settings(experiment.name(), experiment.settings(), values));
  }

  private static @Nullable ReferenceProcess reference(
      Settings settings, IrisConfig config, int actions) {
    String checkout = settings.text("reference");
    String python = settings.text("python");
    if (checkout.isEmpty()) {
      return null;
    }
    ObjectNode sizes = sizes(config, actions);
    return python.isEmpty()
        ? ReferenceProcess.start(Path.of(checkout), config.threads(), sizes)
        : ReferenceProcess.start(python, Path.of(checkout), config.threads(), sizes);
  }

  /** Returns what {@code reference.py} wants to know. */
  private static ObjectNode sizes(IrisConfig config, int actions) {
    ObjectNode all = MAPPER.createObjectNode();
    all.put("actions", actions);
    all.put("learning_rate", config.learningRate());
    all.put("max_gradient_norm", config.maxGradientNorm());
    TokenizerConfig tokenizer = config.tokenizer();
    ObjectNode ofTokenizer = all.putObject("tokenizer");
    ofTokenizer.put("channels", tokenizer.channels());
    tokenizer.multipliers().forEach(ofTokenizer.putArray("multipliers")::add);
    ofTokenizer.put("residual_blocks", tokenizer.residualBlocks());
    tokenizer.attentionResolutions().forEach(ofTokenizer.putArray("attention_resolutions")::add);
    ofTokenizer.put("latent_channels", tokenizer.latentChannels());
    ofTokenizer.put("vocabulary", tokenizer.vocabulary());
    ofTokenizer.put("embedding", tokenizer.codeSize());
    ofTokenizer.put("perceptual", false);
    ofTokenizer.put("batch", config.tokenizerBatch());
    WorldModelConfig world = config.worldModel();
    ObjectNode ofWorld = all.putObject("world_model");
    ofWorld.put("layers", world.layers());
    ofWorld.put("heads", world.heads());
    ofWorld.put("width", world.width());
    ofWorld.put("max_blocks", world.maxBlocks());
    ofWorld.put("dropout", world.dropout());
    ofWorld.put("weight_decay", config.weightDecay());
    ofWorld.put("batch", config.worldModelBatch());
    ofWorld.put("steps", world.maxBlocks());
    ObjectNode ofActor = all.putObject("actor_critic");
    ofActor.put("batch", config.actorCriticBatch());
    ofActor.put("burn_in", config.burnIn());
    ofActor.put("horizon", config.horizon());
    ofActor.put("gamma", config.gamma());
    ofActor.put("lambda", config.lambda());
    ofActor.put("entropy_weight", config.entropyWeight());
    return all;
  }
}
