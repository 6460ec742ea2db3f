package org.umwelt.worldmodel.iris;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.weights.StoredTensor;

/** The two networks that model a world: tokenizer and transformer, each with its own parameters. */
public final class IrisWorld implements AutoCloseable {
  private static final String TOKENIZER = "tokenizer";
  private static final String WORLD_MODEL = "world_model";

  private final Sizes sizes;
  private final Parameters tokenizerParameters;
  private final Parameters worldModelParameters;
  private final Tokenizer tokenizer;
  private final WorldModel worldModel;

  /**
   * What the networks are built from.
   *
   * @param tokenizer sizes of the tokenizer
   * @param worldModel sizes of the transformer
   * @param actions how many actions there are
   */
  public record Sizes(TokenizerConfig tokenizer, WorldModelConfig worldModel, int actions) {
    /** Builds the tokenizer below {@code tokenizer} of these parameters. */
    public Tokenizer tokenizer(Parameters parameters) {
      return new Tokenizer(parameters.in(TOKENIZER), tokenizer);
    }

    /** Builds the transformer below {@code world_model} of these parameters. */
    public WorldModel worldModel(Parameters parameters) {
      return new WorldModel(
          parameters.in(WORLD_MODEL),
          worldModel,
          tokenizer.tokens(),
          tokenizer.vocabulary(),
          actions);
    }
  }

  /**
   * Creates fresh networks.
   *
   * @param seed of the initial weights
   */
  public IrisWorld(Compute compute, Sizes sizes, long seed) {
    this.sizes = sizes;
    tokenizerParameters = Parameters.fresh(compute, seed);
    worldModelParameters = Parameters.fresh(compute, seed + 1);
    tokenizer = sizes.tokenizer(tokenizerParameters);
    worldModel = sizes.worldModel(worldModelParameters);
  }

  /** Returns what the networks are built from. */
  public Sizes sizes() {
    return sizes;
  }

  /** Returns the parameters of the tokenizer, under their full names. */
  public Parameters tokenizerParameters() {
    return tokenizerParameters;
  }

  /** Returns the parameters of the transformer, under their full names. */
  public Parameters worldModelParameters() {
    return worldModelParameters;
  }

  /** Returns the tokenizer. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** Returns the transformer with its heads. */
  public WorldModel worldModel() {
    return worldModel;
  }

  /** Returns copies of all weights by name. */
  public SequencedMap<String, StoredTensor> store() {
    SequencedMap<String, StoredTensor> all = new LinkedHashMap<>(tokenizerParameters.store());
    all.putAll(worldModelParameters.store());
    return all;
  }

  /**
   * Overwrites all weights.
   *
   * @param origin where they come from, for messages
   */
  public void load(Map<String, StoredTensor> weights, String origin) {
    tokenizerParameters.load(weights, origin);
    worldModelParameters.load(weights, origin);
  }

  @Override
  public void close() {
    tokenizerParameters.close();
    worldModelParameters.close();
  }
}
