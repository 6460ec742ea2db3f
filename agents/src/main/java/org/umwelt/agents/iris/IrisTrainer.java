package org.umwelt.agents.iris;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Lpips;
import org.umwelt.worldmodel.iris.ReconstructionLoss;
import org.umwelt.worldmodel.iris.SavedIris;
import org.umwelt.worldmodel.replay.FrameShape;
import org.umwelt.worldmodel.replay.ReplayBuffer;
import org.umwelt.worldmodel.replay.ReplayLog;
import org.umwelt.worldmodel.replay.SegmentSampler;

/**
 * The training of IRIS: per epoch collect, learn the tokenizer, the transformer, and the policy in
 * imagination (algorithm 1 of the paper).
 */
final class IrisTrainer implements Trainer {
  private static final String OPTIMISERS = "optimisers.safetensors";
  private static final String COLLECTOR = "collector.bin";
  private static final String STATE = "state.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final IrisConfig config;
  private final TrainingContext context;
  private final WorkerTeam team;
  private final IrisNetworks networks;
  private final ReplayBuffer replay;
  private final FrameEncodings frames;
  private final Collector collector;
  private final ReconstructionLoss reconstruction;
  private final @Nullable Lpips lpips;
  private final TokenizerLearner tokenizer;
  private final WorldModelLearner worldModel;
  private final ActorCriticLearner actorCritic;
  private final HeldOut heldOut;
  private @Nullable ReplayLog log;

  IrisTrainer(IrisConfig config, TrainingContext context) {
    this.config = config;
    this.context = context;
    Compute compute = Compute.of(config.compute());
    int actions = IrisEnvironments.actions(config.environment(), config.testEnvironment());
    lpips = config.lpips().isEmpty() ? null : openLpips(compute, Path.of(config.lpips()));
    reconstruction =
        lpips != null
            ? ReconstructionLoss.perceptual(lpips, true)
            : config.reconstruction().equals("l1")
                ? ReconstructionLoss.l1()
                : ReconstructionLoss.delta();
    team = new WorkerTeam(config.threads());
    networks = new IrisNetworks(compute, config.sizes(actions), config.hidden(), config.seed());
    if (config.codeBound() > 0) {
      networks.world().tokenizer().fillCodes(config.codeBound(), config.seed());
    }
    int size = IrisEnvironments.RESOLUTION;
    replay = new ReplayBuffer(new FrameShape(size, size, 3), 0);
    frames =
        new FrameEncodings(
            replay,
            networks.world().tokenizer(),
            compute,
            team,
            config.framesPerPass(),
            config.caching(),
            config.cachedReconstructions());
    collector = new Collector(config, networks, replay, frames);
    SegmentSampler sampler = new SegmentSampler(replay);
    tokenizer = new TokenizerLearner(config, networks, team, sampler, frames, reconstruction);
    worldModel = new WorldModelLearner(config, networks, team, sampler, frames);
    actorCritic = new ActorCriticLearner(config, networks, team, sampler, frames);
    heldOut = new HeldOut(config, networks, team, reconstruction, worldModel);
  }

  private static Lpips openLpips(Compute compute, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadRequestException(
          "tokenizer.lpips: expected a .pt or safetensors file with tokenizer.lpips.* entries, there is none at "
              + file);
    }
    return new Lpips(compute, SavedIris.readWeights(file), file.toString());
  }

  @Override
  public int epochs() {
    return config.schedule().epochs();
  }

  @Override
  public boolean typical(int epoch) {
    return epoch > config.schedule().lastStart();
  }

  @Override
  public List<String> preamble() {
    MemoryEstimate memory =
        new MemoryEstimate(
            config,
            networks.world().tokenizerParameters().count(),
            networks.world().worldModelParameters().count(),
            networks.actorCriticParameters().count());
    return List.of(
        "environment %s, evaluated in %s".formatted(config.environment(), config.testEnvironment()),
        "parameters: tokenizer %,d, world model %,d, actor-critic %,d"
            .formatted(
                networks.world().tokenizerParameters().count(),
                networks.world().worldModelParameters().count(),
                networks.actorCriticParameters().count()),
        "tokenizer learns from: " + reconstruction.description(),
        memory.line());
  }

  @Override
  public void epoch(int epoch, EpochLog epochLog) throws IOException {
    IrisConfig.Schedule schedule = config.schedule();
    if (epoch <= schedule.collectUntil()) {
      int steps = epoch == 1 ? schedule.collectFirst() : schedule.collectSteps();
      List<Double> returns = collector.collect(steps, epochLog);
      epochLog.scalar("collect/steps", replay.steps());
      epochLog.scalar("collect/episodes", replay.episodes().size());
      if (!returns.isEmpty()) {
        epochLog.scalar(
            "collect/return",
            returns.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
      }
    }
    if (epoch > schedule.tokenizerAfter() && epoch <= schedule.tokenizerUntil()) {
      learn(tokenizer, schedule.tokenizerUpdates(), epochLog);
      if (schedule.tokenizerUpdates() > 0) {
        frames.clear();
      }
    }
    if (epoch > schedule.worldModelAfter()) {
      learn(worldModel, schedule.worldModelUpdates(), epochLog);
    }
    if (epoch > schedule.actorCriticAfter()) {
      learn(actorCritic, schedule.actorCriticUpdates(), epochLog);
    }
    if (epoch % schedule.evaluateEvery() == 0 || epoch == schedule.epochs()) {
      heldOut.evaluate(epoch, epochLog);
    }
  }

  private void learn(Learner<?> learner, int updates, EpochLog epochLog) {
    Scalars means = new Scalars();
    for (int i = 0; i < updates; i++) {
      if (epochLog.isStopped()) {
        throw new TrainingStopped();
      }
      epochLog.progress(learner.component(), i, updates);
      means.addBatch(learner.update(context.run()));
    }
    means.means(learner.component() + "/", epochLog);
  }

  @Override
  public void save(Path folder) throws IOException {
    SavedIris.write(
        folder.resolve(SavedIris.FILE),
        networks.store(),
        networks.world().sizes(),
        networks.hidden(),
        config.environment());
    SequencedMap<String, StoredTensor> moments = new LinkedHashMap<>();
    for (Learner<?> learner : learners()) {
      learner
          .optimiser()
          .store()
          .forEach((name, tensor) -> moments.put(learner.component() + "/" + name, tensor));
    }
    Safetensors.write(folder.resolve(OPTIMISERS), new WeightFile(moments, Map.of()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    collector.writeState(new DataOutputStream(bytes));
    AtomicFile.write(folder.resolve(COLLECTOR), bytes.toByteArray());
    ObjectNode state = MAPPER.createObjectNode();
    state.put("replay_length", replayLog().append());
    AtomicFile.write(folder.resolve(STATE), state + "\n");
  }

  private List<Learner<?>> learners() {
    return List.of(tokenizer, worldModel, actorCritic);
  }

  private ReplayLog replayLog() throws IOException {
    if (log == null) {
      Path file = replayFile();
      Files.deleteIfExists(file); // left by a session that was killed before its first checkpoint
      log = ReplayLog.create(file, replay);
    }
    return log;
  }

  private Path replayFile() {
    return context.run().resolve("replay.log");
  }

  @Override
  public void load(Path folder) throws IOException {
    Path agent = folder.resolve(SavedIris.FILE);
    networks.load(Safetensors.read(agent).tensors(), agent.toString());
    Path optimisers = folder.resolve(OPTIMISERS);
    Map<String, StoredTensor> moments = Safetensors.read(optimisers).tensors();
    for (Learner<?> learner : learners()) {
      String prefix = learner.component() + "/";
      Map<String, StoredTensor> own = new LinkedHashMap<>();
      moments.forEach((name, tensor) -> {
        if (name.startsWith(prefix)) {
          own.put(name.substring(prefix.length()), tensor);
        }
      });
      learner.optimiser().load(own, optimisers.toString());
    }
    JsonNode state = MAPPER.readTree(Files.readString(folder.resolve(STATE)));
    log = ReplayLog.open(replayFile(), state.path("replay_length").asLong(), replay);
    byte[] bytes = Files.readAllBytes(folder.resolve(COLLECTOR));
    collector.readState(new DataInputStream(new ByteArrayInputStream(bytes)));
  }

  @Override
  public ObjectNode result() {
    ObjectNode result = MAPPER.createObjectNode();
    result.put("environment", config.environment());
    result.put("steps", replay.steps());
    result.put("episodes", replay.episodes().size());
    result.put("reconstruction_loss", reconstruction.description());
    result.put("zero_rewards", config.zeroRewards());
    return result;
  }

  @Override
  public void close() {
    List<AutoCloseable> all = new ArrayList<>(learners());
    all.addAll(List.of(heldOut, collector, frames, networks, replay, team));
    for (AutoCloseable one : all) {
      closeQuietly(one);
    }
    if (lpips != null) {
      lpips.close();
    }
    if (log != null) {
      closeQuietly(log);
    }
  }

  private static void closeQuietly(AutoCloseable one) {
    try {
      one.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
