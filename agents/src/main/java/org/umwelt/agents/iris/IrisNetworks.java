package org.umwelt.agents.iris;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.iris.SavedIris;

/** The three networks of IRIS. */
final class IrisNetworks implements AutoCloseable {
  private final IrisWorld world;
  private final int hidden;
  private final Parameters actorCriticParameters;
  private final ActorCritic actorCritic;

  /**
   * Creates fresh networks.
   *
   * @param hidden size of the policy's LSTM
   * @param seed of the initial weights
   */
  IrisNetworks(Compute compute, IrisWorld.Sizes sizes, int hidden, long seed) {
    this.hidden = hidden;
    world = new IrisWorld(compute, sizes, seed);
    actorCriticParameters = Parameters.fresh(compute, seed + 2);
    actorCritic = actorCritic(actorCriticParameters);
  }

  /**
   * Builds the networks of a file, with its weights.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where they do not fit its sizes
   */
  static IrisNetworks open(SavedIris saved) {
    // Bounds what is allocated below by the size of the file, as opening did for the world.
    saved.requireShape("actor_critic.lstm.weight_hh", 4L * saved.hidden(), (long) saved.hidden());
    IrisNetworks networks = new IrisNetworks(Compute.CPU, saved.sizes(), saved.hidden(), 0);
    try {
      networks.load(saved.weights(), saved.file().toString());
      return networks;
    } catch (RuntimeException e) {
      networks.close();
      throw e;
    }
  }

  /** Builds the policy below {@code actor_critic} of these parameters. */
  ActorCritic actorCritic(Parameters parameters) {
    IrisWorld.Sizes sizes = world.sizes();
    return new ActorCritic(
        parameters.in("actor_critic"), sizes.tokenizer().resolution(), hidden, sizes.actions());
  }

  IrisWorld world() {
    return world;
  }

  Parameters actorCriticParameters() {
    return actorCriticParameters;
  }

  ActorCritic actorCritic() {
    return actorCritic;
  }

  /** Returns the size of the policy's LSTM. */
  int hidden() {
    return hidden;
  }

  /** Returns copies of all weights by name. */
  SequencedMap<String, StoredTensor> store() {
    SequencedMap<String, StoredTensor> all = new LinkedHashMap<>(world.store());
    all.putAll(actorCriticParameters.store());
    return all;
  }

  /**
   * Overwrites all weights.
   *
   * @param origin where they come from, for messages
   */
  void load(Map<String, StoredTensor> weights, String origin) {
    world.load(weights, origin);
    actorCriticParameters.load(weights, origin);
  }

  @Override
  public void close() {
    world.close();
    actorCriticParameters.close();
  }
}
