package org.umwelt.kernels.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.umwelt.kernels.parallel.WorkerTeam;

/**
 * A model on several workers: a batch is cut into shards, each worker adds the gradients of its
 * shards, and the sums are added in the order of the workers.
 *
 * <p>Shard i belongs to worker i mod n, so results are a function of the batch and of n. More
 * shards than workers is gradient accumulation: memory is that of one shard per worker.
 *
 * @param <M> the model
 */
public final class Shards<M> implements AutoCloseable {
  private final Parameters parameters;
  private final WorkerTeam team;
  private final List<Parameters> replicas = new ArrayList<>();
  private final List<M> models = new ArrayList<>();

  /**
   * Builds one replica of a model per worker.
   *
   * @param parameters of the complete model
   * @param model builds it on a replica of its parameters
   */
  public Shards(Parameters parameters, WorkerTeam team, Function<Parameters, M> model) {
    this.parameters = parameters;
    this.team = team;
    for (int worker = 0; worker < team.threads(); worker++) {
      Parameters replica = parameters.replica();
      replicas.add(replica);
      models.add(model.apply(replica));
    }
  }

  /** Computes one shard: forward and, for gradients, backward. */
  @FunctionalInterface
  public interface Shard<M> {
    /**
     * Computes a shard in a scope of its own, and may add its gradients to those of the replica.
     *
     * @param model the replica
     * @param shard number of the shard
     */
    void run(M model, int shard);
  }

  /** Makes the parameters' gradients the sum over all shards. */
  public void gradients(int shards, Shard<M> shard) {
    run(
        shards,
        shard,
        worker -> {
          try (PointerScope _ = new PointerScope()) {
            replicas.get(worker).zeroGradients();
          }
        });
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      parameters.gradients().copy_(replicas.getFirst().gradients());
      for (Parameters replica : replicas.subList(1, replicas.size())) {
        parameters.gradients().add_(replica.gradients());
      }
    }
  }

  /** Computes all shards and leaves the parameters' gradients alone. */
  public void run(int shards, Shard<M> shard) {
    run(shards, shard, _ -> {});
  }

  private void run(int shards, Shard<M> shard, IntConsumer start) {
    int workers = team.threads();
    team.run(
        workers,
        worker -> {
          start.accept(worker);
          for (int i = worker; i < shards; i += workers) {
            int number = i;
            try (PointerScope scope = new PointerScope()) {
              CustomGradient.keepIn(scope, () -> shard.run(models.get(worker), number));
            }
          }
        });
  }

  @Override
  public void close() {
    replicas.forEach(Parameters::close);
  }
}
