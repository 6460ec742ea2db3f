package org.umwelt.agents.iris;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.umwelt.agents.plots.Plot;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

/** One start state at a time, each a function of its own seed, and plots behind the last. */
final class DivergenceTrainer implements Trainer {
  private static final String STATE = "points.json";
  private static final String DIGEST = "agent_digest";
  private static final String POINTS = "points";
  private static final int CHANNEL = 255;
  private static final int ATTEMPTS = 100; // episodes that end before the dream can begin
  private static final double[] QUANTILES = {0.75, 0.5, 0.25};
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Settings values;
  private final String digest;
  private final Dream dream;
  private final Path folder;
  private final int horizon;
  private final Sampler policy;
  private final List<DivergencePoint> points = new ArrayList<>();

  DivergenceTrainer(Settings values, String digest, Dream dream, Path folder) {
    this.values = values;
    this.digest = digest;
    this.dream = dream;
    this.folder = folder;
    horizon = values.intValue("horizon");
    policy = Sampler.temperature(values.number("policy_temperature"));
  }

  @Override
  public int epochs() {
    return values.intValue("starts");
  }

  @Override
  public boolean typical(int epoch) {
    return true;
  }

  @Override
  public List<String> preamble() {
    return List.of(
        "%s futures of %d steps each from %s start states"
            .formatted(values.text("futures"), horizon, values.text("starts")));
  }

  @Override
  public void epoch(int epoch, EpochLog log) throws IOException {
    RandomStream random = new RandomStream(values.integer("seed"), epoch);
    List<Frame> unrelated = unrelated(random, log);
    Start start = reach(random, log);
    dream.begin(start.seed());
    List<double[]> distances = new ArrayList<>();
    List<Double> reconstruction = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    List<Double> rewards = new ArrayList<>();
    List<Integer> rewardsAgree = new ArrayList<>();
    List<Integer> endsAgree = new ArrayList<>();
    for (int t = 0; t < horizon && !dream.ended(); t++) {
      long action = act(log);
      Dream.Imagined imagined = dream.imagine(action);
      Dream.Real real = dream.play(action);
      distances.add(
          imagined.frames().stream().mapToDouble(frame -> distance(frame, real.frame())).toArray());
      reconstruction.add(distance(real.reconstruction(), real.frame()));
      others.add(distance(unrelated.get(Math.min(t, unrelated.size() - 1)), real.frame()));
      rewards.add(real.reward());
      long sign = (long) Math.signum(real.reward());
      rewardsAgree.add((int) Arrays.stream(imagined.rewards()).filter(r -> r == sign).count());
      int same = 0;
      for (boolean end : imagined.ends()) {
        same += end == real.ended() ? 1 : 0;
      }
      endsAgree.add(same);
      log.progress("steps", t + 1, horizon);
    }
    points.add(
        new DivergencePoint(
            start.seed(),
            start.offset(),
            dream.ended(),
            distances,
            reconstruction,
            others,
            rewards,
            rewardsAgree,
            endsAgree));
    log.scalar("divergence/distance", mean(distances));
    if (epoch == epochs()) {
      plots();
    }
  }

  private record Start(long seed, int offset) {}

  /** Plays an episode up to a step that is drawn, from which it goes on. */
  private Start reach(RandomStream random, EpochLog log) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      long seed = random.nextInt() & Integer.MAX_VALUE;
      int offset = random.nextInt(values.intValue("spread") + 1);
      dream.reset(seed);
      int steps = 0;
      while (steps < offset && !dream.ended()) {
        dream.play(act(log));
        steps++;
      }
      if (!dream.ended()) {
        return new Start(seed, offset);
      }
    }
    throw new BadRequestException(
        "evaluate --divergence: expected episodes longer than a dream's start, %d ended before; take a smaller spread=, got %s"
            .formatted(ATTEMPTS, values.text("spread")));
  }

  /** Returns frames of another episode, at least one. */
  private List<Frame> unrelated(RandomStream random, EpochLog log) {
    reach(random, log);
    List<Frame> frames = new ArrayList<>();
    for (int t = 0; t < horizon && !dream.ended(); t++) {
      frames.add(dream.play(act(log)).frame());
    }
    return frames;
  }

  private long act(EpochLog log) {
    if (log.isStopped()) {
      throw new TrainingStopped();
    }
    return dream.act(policy);
  }

  /** Returns the mean absolute difference of two frames, in [0, 1]. */
  static double distance(Frame a, Frame b) {
    long sum = 0;
    for (int i = 0; i < a.rgb().length; i++) {
      sum += Math.abs((a.rgb()[i] & CHANNEL) - (b.rgb()[i] & CHANNEL));
    }
    return (double) sum / CHANNEL / a.rgb().length;
  }

  private static double mean(List<double[]> all) {
    return all.stream().flatMapToDouble(Arrays::stream).average().orElse(Double.NaN);
  }

  private Divergence divergence() {
    return Divergence.of(points, horizon, values.number("fraction"), values.integer("seed"));
  }

  private void plots() throws IOException {
    Divergence all = divergence();
    Path plots = Files.createDirectories(folder.resolve("plots"));
    double[] steps = IntStream.rangeClosed(0, horizon).mapToDouble(t -> t).toArray();
    new Plot("Futures that are still with reality", "step of the dream", "share")
        .between(0, horizon)
        .curve("share", steps, all.survival())
        .curve("2.5 %", steps, all.low())
        .curve("97.5 %", steps, all.high())
        .write(plots.resolve("survival.png"));
    double[] behind = IntStream.rangeClosed(1, horizon).mapToDouble(t -> t).toArray();
    new Plot("Distance of dream and reality", "step of the dream", "mean difference of pixels")
        .between(0, horizon)
        .curve("dream", behind, all.distance())
        .curve("reconstruction", behind, constant(all.reconstruction()))
        .curve("unrelated frames", behind, constant(all.unrelated()))
        .curve("parted", behind, constant(all.threshold()))
        .write(plots.resolve("distance.png"));
  }

  private double[] constant(double value) {
    double[] all = new double[horizon];
    Arrays.fill(all, value);
    return all;
  }

  @Override
  public void save(Path checkpoint) throws IOException {
    ObjectNode state = MAPPER.createObjectNode();
    state.put(DIGEST, digest);
    state.set(POINTS, MAPPER.valueToTree(points));
    AtomicFile.write(checkpoint.resolve(STATE), state + "\n");
  }

  @Override
  public void load(Path checkpoint) throws IOException {
    JsonNode state = MAPPER.readTree(checkpoint.resolve(STATE).toFile());
    if (!state.path(DIGEST).asText().equals(digest)) {
      throw new BadRequestException(
          "evaluate --divergence: expected the agent this was started with, %s now holds another; put it back, or start over in another folder"
              .formatted(values.text("agent")));
    }
    points.addAll(Arrays.asList(MAPPER.treeToValue(state.path(POINTS), DivergencePoint[].class)));
  }

  @Override
  public ObjectNode result() {
    Divergence all = divergence();
    ObjectNode result = MAPPER.createObjectNode();
    result.put(DIGEST, digest);
    result.put("starts", points.size());
    result.put("futures", dream.futures());
    result.put("median_horizon", Divergence.horizon(all.survival(), 0.5));
    result.put("median_horizon_low", Divergence.horizon(all.low(), 0.5));
    result.put("median_horizon_high", Divergence.horizon(all.high(), 0.5));
    ObjectNode quantiles = result.putObject("horizon_reached_by");
    for (double share : QUANTILES) {
      quantiles.put("%.0f %%".formatted(100 * share), Divergence.horizon(all.survival(), share));
    }
    result.put("with_reality_at_the_end", all.survival()[horizon]);
    result.put("rewards_agree", all.rewardsAgree());
    if (!Double.isNaN(all.rewardsFound())) {
      result.put("rewards_found", all.rewardsFound());
    }
    result.put("ends_agree", all.endsAgree());
    result.put("distance_reconstruction", all.reconstruction());
    result.put("distance_parted", all.threshold());
    result.put("distance_unrelated", all.unrelated());
    put(result.putArray("survival"), all.survival());
    put(result.putArray("survival_low"), all.low());
    put(result.putArray("survival_high"), all.high());
    put(result.putArray("distance"), all.distance());
    return result;
  }

  private static void put(ArrayNode array, double[] numbers) {
    for (double number : numbers) {
      array.add(Double.isFinite(number) ? (Double) number : null);
    }
  }

  @Override
  public void close() {
    dream.close();
  }
}
