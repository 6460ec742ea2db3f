package org.umwelt.agents.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.agents.training.Trainer;
import org.umwelt.agents.training.TrainingContext;
import org.umwelt.kernels.bench.CpuClock;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.WeightFile;
import org.umwelt.worldmodel.language.Corpus;
import org.umwelt.worldmodel.language.LanguageModel.Score;

/** The training of a language model: per epoch some updates and a test on held-out sequences. */
final class LanguageTrainer implements Trainer {
  private static final String MODEL = "model.safetensors";
  private static final String OPTIMISER = "optimiser.safetensors";
  private static final String STATE = "state.json";
  private static final String SECONDS = "training_seconds";
  private static final String CPU_SECONDS = "training_cpu_seconds";
  private static final String FINGERPRINT = "data_fingerprint";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final LanguageConfig config;
  private final TrainingContext context;
  private final Corpus corpus;
  private final WorkerTeam team;
  private final LanguageLearner learner;
  private double seconds;
  private double cpuSeconds;

  LanguageTrainer(LanguageConfig config, TrainingContext context) {
    this.config = config;
    this.context = context;
    corpus = config.open();
    team = new WorkerTeam(config.threads());
    try {
      learner = new LanguageLearner(config, corpus, team);
    } catch (RuntimeException e) {
      team.close();
      throw e;
    }
  }

  @Override
  public int epochs() {
    return config.epochs();
  }

  @Override
  public boolean typical(int epoch) {
    return true;
  }

  @Override
  public List<String> preamble() {
    return List.of(
        "data: " + corpus.description(),
        "parameters: %,d".formatted(learner.parameters().count()),
        "attention: %s, by %s".formatted(config.attentionText(), learner.attention()));
  }

  @Override
  public void epoch(int epoch, EpochLog log) {
    int updates = config.updates();
    double loss = 0;
    double norm = 0;
    double rate = 0;
    long start = System.nanoTime();
    double cpuStart = CpuClock.seconds();
    for (int i = 0; i < updates; i++) {
      log.progress("updates", i, updates);
      LanguageLearner.Update update = learner.update(context.run(), log::isStopped);
      loss += update.loss() / updates;
      norm += update.gradientNorm() / updates;
      rate = update.learningRate();
    }
    double elapsed = (System.nanoTime() - start) / 1e9;
    seconds += elapsed;
    cpuSeconds += CpuClock.seconds() - cpuStart;
    log.scalar("training/loss", loss);
    log.scalar("training/gradient_norm", norm);
    log.scalar("training/learning_rate", rate);
    log.scalar("training/seconds", seconds);
    log.scalar("training/cpu_seconds", cpuSeconds);
    log.scalar(
        "training/tokens_per_second",
        (double) updates * config.batch() * config.length() / elapsed);
    log.progress("test", 0, 1);
    Score score = learner.test(log::isStopped);
    double nats = score.nats() / score.scored();
    double accuracy = (double) score.right() / score.scored();
    log.scalar("held_out/loss", nats);
    log.scalar("held_out/bits_per_" + corpus.unit(), nats / Math.log(2));
    log.scalar("held_out/perplexity", Math.exp(nats));
    log.scalar("held_out/accuracy", accuracy);
    log.note(
        "%.0f s: loss %.3f, held out %.3f nats, %.1f %% right"
            .formatted(seconds, loss, nats, 100 * accuracy));
  }

  @Override
  public void save(Path folder) throws IOException {
    Safetensors.write(
        folder.resolve(MODEL),
        new WeightFile(
            learner.parameters().store(), Map.of("attention", config.attention().word())));
    Safetensors.write(
        folder.resolve(OPTIMISER), new WeightFile(learner.optimiser().store(), Map.of()));
    ObjectNode state = MAPPER.createObjectNode();
    state.put(SECONDS, seconds);
    state.put(CPU_SECONDS, cpuSeconds);
    state.put(FINGERPRINT, corpus.fingerprint());
    AtomicFile.write(folder.resolve(STATE), state + "\n");
  }

  @Override
  public void load(Path folder) throws IOException {
    JsonNode state = MAPPER.readTree(Files.readString(folder.resolve(STATE)));
    if (state.path(FINGERPRINT).asLong() != corpus.fingerprint()) {
      throw new BadRequestException(
          "data=%s: expected the file this training was started with, its bytes are others now; put it back, or start over in another folder"
              .formatted(config.data()));
    }
    Path model = folder.resolve(MODEL);
    learner.parameters().load(Safetensors.read(model).tensors(), model.toString());
    Path optimiser = folder.resolve(OPTIMISER);
    learner.optimiser().load(Safetensors.read(optimiser).tensors(), optimiser.toString());
    seconds = state.path(SECONDS).asDouble();
    cpuSeconds = state.path(CPU_SECONDS).asDouble();
  }

  @Override
  public ObjectNode result() {
    ObjectNode result = MAPPER.createObjectNode();
    result.put("data", corpus.description());
    result.put("parameters", learner.parameters().count());
    result.put("attention", config.attentionText());
    result.put("computed_by", learner.attention());
    result.put(SECONDS, seconds);
    result.put(CPU_SECONDS, cpuSeconds);
    return result;
  }

  @Override
  public void close() {
    learner.close();
    team.close();
  }
}
