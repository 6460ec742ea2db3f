package org.umwelt.agents.language;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.agents.training.TrainingStopped;
import org.umwelt.kernels.nn.Adam;
import org.umwelt.kernels.nn.OneCycleRate;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.nn.Shards;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;
import org.umwelt.worldmodel.language.Batch;
import org.umwelt.worldmodel.language.Corpus;
import org.umwelt.worldmodel.language.LanguageModel;
import org.umwelt.worldmodel.language.LanguageModel.Score;
import org.umwelt.worldmodel.language.LanguageModelConfig;

/**
 * Learns a language model from the sequences of a corpus, and tests it.
 *
 * <p>Update number u learns from sequences number u times the batch size and on, and its attention
 * draws what is named after (seed, u, shard, layer), so nothing random has to be saved.
 */
final class LanguageLearner implements AutoCloseable {
  private static final double BETA_2 = 0.95;

  /** The upper bits of the keys' streams, which tell them from those of the sequences. */
  private static final long TRAINING_KEYS = 1L << 61;

  private static final long TEST_KEYS = 1L << 60;
  private static final int SHARD_BITS = 20;

  private final LanguageConfig config;
  private final Corpus corpus;
  private final Parameters parameters;
  private final Shards<LanguageModel> shards;
  private final String attention;
  private final Adam optimiser;
  private final OneCycleRate rate;

  LanguageLearner(LanguageConfig config, Corpus corpus, WorkerTeam team) {
    this.config = config;
    this.corpus = corpus;
    LanguageModelConfig sizes = config.model(corpus.vocabulary());
    parameters = Parameters.fresh(Compute.of(config.compute()), config.seed());
    attention = build(parameters, sizes).attention();
    shards = new Shards<>(parameters, team, replica -> build(replica, sizes));
    rate = config.rate();
    optimiser =
        new Adam(
            parameters,
            config.learningRate(),
            config.weightDecay(),
            Double.POSITIVE_INFINITY,
            BETA_2);
  }

  /** Each model computes attention on the thread that runs it: a team of one has no other. */
  private static LanguageModel build(Parameters parameters, LanguageModelConfig sizes) {
    return new LanguageModel(parameters, sizes, new WorkerTeam(1));
  }

  Parameters parameters() {
    return parameters;
  }

  Adam optimiser() {
    return optimiser;
  }

  /** Returns what attention is computed with. */
  String attention() {
    return attention;
  }

  /** What an update found. */
  record Update(double loss, double gradientNorm, double learningRate) {}

  /**
   * Takes one step on the next batch.
   *
   * @param run folder that receives the batch where the numbers are not finite
   * @param stopped asked before every pass
   * @throws DivergedException where the loss or the gradient is not finite
   * @throws TrainingStopped where it was found stopped
   */
  Update update(Path run, BooleanSupplier stopped) {
    long update = optimiser.steps();
    Batch batch =
        Batch.join(
            LongStream.range(update * config.batch(), (update + 1) * config.batch())
                .mapToObj(corpus::training)
                .toList());
    double loss = gradients(batch, update, stopped);
    // No step where the loss is not finite, so that the weights kept are those that led there.
    double learningRate = rate.at(update);
    double norm = Double.isFinite(loss) ? optimiser.step(learningRate) : Double.NaN;
    if (!Double.isFinite(norm)) {
      throw diverged(run, batch, update, loss, norm);
    }
    return new Update(loss, norm, learningRate);
  }

  /** Computes the gradients of a batch's mean loss, and returns it, in nats per target. */
  private double gradients(Batch batch, long update, BooleanSupplier stopped) {
    int scored = batch.scoredPositions().length;
    int count = Math.ceilDiv(batch.count(), config.rowsPerPass());
    double[] losses = new double[count];
    shards.gradients(
        count,
        (model, shard) -> {
          check(stopped);
          Tensor loss =
              Tensors.scale(
                  model.loss(rows(batch, shard), key(TRAINING_KEYS, update, shard)), 1.0 / scored);
          loss.backward();
          losses[shard] = Tensors.number(loss);
        });
    return Arrays.stream(losses).sum();
  }

  private static void check(BooleanSupplier stopped) {
    if (stopped.getAsBoolean()) {
      throw new TrainingStopped();
    }
  }

  private Batch rows(Batch batch, int shard) {
    int from = shard * config.rowsPerPass();
    return batch.rows(from, Math.min(from + config.rowsPerPass(), batch.count()));
  }

  private long key(long purpose, long update, int shard) {
    return new RandomStream(config.seed(), purpose | update << SHARD_BITS | shard).nextLong();
  }

  /**
   * Scores the held-out sequences; what attention draws is the same each time.
   *
   * @throws TrainingStopped where it was found stopped
   */
  Score test(BooleanSupplier stopped) {
    List<Batch> sequences = new ArrayList<>();
    for (int i = 0; i < config.heldOut(); i++) {
      sequences.add(corpus.heldOut(i, config.heldOut()));
    }
    Batch all = Batch.join(sequences);
    int count = Math.ceilDiv(all.count(), config.rowsPerPass());
    Score[] scores = new Score[count];
    shards.run(
        count,
        (model, shard) -> {
          check(stopped);
          scores[shard] = model.score(rows(all, shard), key(TEST_KEYS, 0, shard));
        });
    return Arrays.stream(scores).reduce(Score::plus).orElseThrow();
  }

  private DivergedException diverged(Path run, Batch batch, long update, double loss, double norm) {
    Path file = run.resolve("diverged.safetensors");
    SequencedMap<String, StoredTensor> tensors = parameters.store();
    tensors.put("batch.tokens", StoredTensor.of(batch.tokens(), batch.count(), batch.length()));
    tensors.put("batch.targets", StoredTensor.of(batch.targets(), batch.count(), batch.length()));
    try {
      Safetensors.write(file, new WeightFile(tensors, Map.of("update", Long.toString(update))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DivergedException(
        "update %d: expected finite numbers, got loss %s and gradient norm %s; the batch and the weights before it are in %s; try a lower learning_rate"
            .formatted(update, loss, norm, file));
  }

  @Override
  public void close() {
    shards.close();
    optimiser.close();
    parameters.close();
  }
}
