package org.umwelt.agents.iris;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.agents.training.DivergedException;
import org.umwelt.kernels.nn.Adam;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.nn.Shards;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.WeightFile;
import org.umwelt.worldmodel.replay.Segments;

/**
 * What the learners of the three components share: shards of a batch on workers, one optimiser, and
 * the guard against numbers that are not finite.
 *
 * <p>Update number u draws only from streams named after (seed, component, u), so nothing random
 * has to be saved.
 *
 * @param <M> the component
 */
abstract class Learner<M> implements AutoCloseable {
  private final String component;
  private final int stream;
  private final long seed;
  private final Parameters parameters;
  private final Shards<M> shards;
  private final Adam optimiser;

  /**
   * Creates a learner.
   *
   * @param component its name in metrics
   * @param stream tells its random streams from those of the others
   */
  Learner(
      String component,
      int stream,
      IrisConfig config,
      double learningRate,
      double weightDecay,
      Parameters parameters,
      WorkerTeam team,
      Function<Parameters, M> build) {
    this.component = component;
    this.stream = stream;
    this.seed = config.seed();
    this.parameters = parameters;
    this.optimiser = new Adam(parameters, learningRate, weightDecay, config.maxGradientNorm());
    this.shards = new Shards<>(parameters, team, build);
  }

  /** Returns the name of the component. */
  String component() {
    return component;
  }

  /** Returns the optimiser. */
  Adam optimiser() {
    return optimiser;
  }

  /** Draws the segments of an update. */
  abstract Segments draw(RandomStream random);

  /**
   * Prepares an update on the calling thread, which may move weights that no gradient reaches, and
   * returns how to compute its shards.
   */
  abstract Work<M> prepare(Segments batch, long update);

  /**
   * How to compute the shards of one update.
   *
   * @param shards how many
   * @param terms returns the loss terms of a shard by name, whose sum is differentiated and which
   *     add up over shards to the terms of the batch
   * @param <M> the component
   */
  record Work<M>(int shards, Terms<M> terms) {}

  /** Computes the loss terms of a shard. */
  @FunctionalInterface
  interface Terms<M> {
    /**
     * Computes them.
     *
     * @param shard number of the shard
     * @param notes takes numbers that are no part of the loss
     */
    SequencedMap<String, Tensor> of(M model, int shard, Scalars notes);
  }

  /** Returns a random stream of an update; {@code row} tells several from each other. */
  RandomStream random(long update, int row) {
    return new RandomStream(seed, ((long) stream << 56) | (update << 20) | row);
  }

  /** Returns the key of an update's dropout masks in a shard. */
  long dropoutKey(long update, int shard) {
    return random(update, (1 << 19) | shard).nextLong();
  }

  /** Draws the segments of the next update: the same ones until it is done. */
  Segments next() {
    return draw(random(optimiser.steps(), (1 << 20) - 1));
  }

  /**
   * Takes one step on a batch.
   *
   * @param run folder that receives the batch where the numbers are not finite
   * @return loss, its terms, and the norm of the gradient, by name
   * @throws DivergedException where the loss or the gradient is not finite
   */
  Map<String, Double> update(Path run) {
    long update = optimiser.steps();
    Segments batch = next();
    try (PointerScope _ = new PointerScope()) {
      SequencedMap<String, Double> values = gradients(batch, update);
      // No step where the loss is not finite, so that the weights kept are those that led there.
      boolean finite = Double.isFinite(values.getOrDefault("loss", 0.0));
      double norm = finite ? optimiser.step() : Double.NaN;
      values.put("gradient_norm", norm);
      if (!Double.isFinite(norm)) {
        throw diverged(run, batch, update, values);
      }
      return values;
    }
  }

  /** Computes the gradients of a batch and returns loss and terms by name. */
  SequencedMap<String, Double> gradients(Segments batch, long update) {
    Work<M> work = prepare(batch, update);
    Scalars[] terms = new Scalars[work.shards()];
    Arrays.setAll(terms, _ -> new Scalars());
    shards.gradients(
        work.shards(),
        (model, shard) -> {
          SequencedMap<String, Tensor> losses = work.terms().of(model, shard, terms[shard]);
          Tensor total = losses.values().stream().reduce(Tensor::add).orElseThrow();
          total.backward();
          terms[shard].add("loss", Tensors.number(total));
          losses.forEach((name, term) -> terms[shard].add(name, Tensors.number(term)));
        });
    Scalars all = new Scalars();
    for (Scalars shard : terms) {
      shard.sums().forEach(all::add);
    }
    return all.sums();
  }

  private DivergedException diverged(
      Path run, Segments batch, long update, Map<String, Double> values) {
    Path file = run.resolve("diverged-" + component + ".safetensors");
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>(parameters.store());
    long rows = batch.count();
    long length = batch.length();
    tensors.put("batch.frames", StoredTensor.of(batch.frames(), rows, length));
    tensors.put(
        "batch.actions",
        StoredTensor.of(Arrays.stream(batch.actions()).asLongStream().toArray(), rows, length));
    tensors.put("batch.rewards", StoredTensor.of(batch.rewards(), rows, length));
    try {
      Safetensors.write(
          file,
          new WeightFile(
              tensors, Map.of("update", Long.toString(update), "values", values.toString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DivergedException(
        "%s update %d: expected finite numbers, got %s; the batch and the weights before it are in %s; try a lower learning_rate"
            .formatted(component, update, values, file));
  }

  @Override
  public void close() {
    shards.close();
    optimiser.close();
  }
}
