package org.umwelt.worldmodel.iris;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.weights.StoredTensor;

/** The smallest model whose frames are those of the embedded games: 4 tokens each, 3 steps back. */
final class TinyIris {
  static final int STEPS = 3;
  static final IrisWorld.Sizes SIZES =
      new IrisWorld.Sizes(
          new TokenizerConfig(64, 4, List.of(1, 1, 1, 1, 1, 1), 1, List.of(), 8, 16, 8),
          new WorldModelConfig(STEPS, 2, 2, 16, 0.1),
          3);
  static final String ENVIRONMENT = "umwelt/Catch-v0?balls=2";

  /** Logits of the end that leave no doubt. */
  static final float[] NEVER_ENDS = {50, -50};

  static final float[] ENDS_AT_ONCE = {-50, 50};

  private static final int HIDDEN = 4;

  private TinyIris() {}

  /** Returns weights that are a formula, so that outputs differ from token to token. */
  static SequencedMap<String, StoredTensor> weights() {
    try (IrisWorld world = new IrisWorld(Compute.CPU, SIZES, 0)) {
      FormulaWeights formula = new FormulaWeights("tiny");
      formula.fill(world.tokenizerParameters());
      formula.fill(world.worldModelParameters());
      return world.store();
    }
  }

  /** Writes a model. */
  static Path write(Path file) {
    return write(file, weights());
  }

  /** Writes a model whose ends, and rewards where given, are certain. */
  static Path write(Path file, float[] ends, float... rewards) {
    SequencedMap<String, StoredTensor> weights = weights();
    certain(weights, "world_model.head_ends", ends);
    if (rewards.length > 0) {
      certain(weights, "world_model.head_rewards", rewards);
    }
    return write(file, weights);
  }

  private static void certain(
      SequencedMap<String, StoredTensor> weights, String head, float... logits) {
    weights.put(head + ".head_module.2.bias", StoredTensor.of(logits, logits.length));
  }

  static Path write(Path file, SequencedMap<String, StoredTensor> weights) {
    Map<String, StoredTensor> policy =
        Map.of(
            "actor_critic.lstm.weight_hh",
            StoredTensor.of(new float[4 * HIDDEN * HIDDEN], 4L * HIDDEN, HIDDEN));
    SequencedMap<String, StoredTensor> all = new LinkedHashMap<>(weights);
    all.putAll(policy);
    try {
      SavedIris.write(file, all, SIZES, HIDDEN, ENVIRONMENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
