package org.umwelt.agents.iris;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.worldmodel.iris.FormulaWeights;
import org.umwelt.worldmodel.iris.IrisWorld;
import org.umwelt.worldmodel.iris.SavedIris;
import org.umwelt.worldmodel.iris.TokenizerConfig;
import org.umwelt.worldmodel.iris.WorldModelConfig;

/** The smallest agent whose frames are those of the embedded games; three actions. */
public final class TinyAgent {
  private static final IrisWorld.Sizes SIZES =
      new IrisWorld.Sizes(
          new TokenizerConfig(64, 4, List.of(1, 1, 1, 1, 1, 1), 1, List.of(), 8, 16, 8),
          new WorldModelConfig(3, 1, 2, 16, 0.1),
          3);
  private static final int HIDDEN = 8;

  private TinyAgent() {}

  static IrisNetworks networks() {
    IrisNetworks networks = new IrisNetworks(Compute.CPU, SIZES, HIDDEN, 0);
    networks.load(weights(networks), "formula");
    return networks;
  }

  /** Returns weights that are a formula, so that outputs differ from frame to frame. */
  private static SequencedMap<String, StoredTensor> weights(IrisNetworks networks) {
    FormulaWeights formula = new FormulaWeights("tiny");
    SequencedMap<String, StoredTensor> all = new LinkedHashMap<>();
    networks
        .store()
        .forEach((name, like) -> {
          long[] shape = like.shape().stream().mapToLong(Long::longValue).toArray();
          all.put(name, formula.tensor(name, shape));
        });
    return all;
  }

  /** Returns all its weights. */
  public static SequencedMap<String, StoredTensor> weights() {
    try (IrisNetworks networks = new IrisNetworks(Compute.CPU, SIZES, HIDDEN, 0)) {
      return weights(networks);
    }
  }

  /** Writes it. */
  public static Path write(Path file) {
    return write(file, weights());
  }

  /** Writes it with other weights. */
  public static Path write(Path file, SequencedMap<String, StoredTensor> weights) {
    try {
      SavedIris.write(file, weights, SIZES, HIDDEN, "umwelt/Catch-v0?balls=2");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
