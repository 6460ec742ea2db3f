package org.umwelt.agents.iris;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** Configurations and networks of iris-debug, made smaller still. */
final class SmallAgents {
  private static final Map<String, String> SMALLER =
      Map.ofEntries(
          Map.entry("epochs", "2"),
          Map.entry("collect.first", "24"),
          Map.entry("collect.steps", "24"),
          Map.entry("collect.until", "2"),
          Map.entry("tokenizer.batch", "8"),
          Map.entry("tokenizer.updates", "2"),
          Map.entry("world_model.after", "0"),
          Map.entry("world_model.batch", "6"),
          Map.entry("world_model.updates", "2"),
          Map.entry("actor_critic.after", "0"),
          Map.entry("actor_critic.batch", "6"),
          Map.entry("actor_critic.updates", "2"),
          Map.entry("evaluate.episodes", "0"));

  private SmallAgents() {}

  /** Returns settings of iris-debug with a few epochs, and with names and values in turn. */
  static Settings settings(String... namesAndValues) {
    Map<String, String> given = new LinkedHashMap<>(SMALLER);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      given.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Settings("iris-debug", new IrisExperiment.Debug().settings(), given);
  }

  static IrisConfig config(String... namesAndValues) {
    return IrisConfig.of(settings(namesAndValues));
  }

  static IrisNetworks networks(IrisConfig config, int actions) {
    return new IrisNetworks(Compute.CPU, config.sizes(actions), config.hidden(), 0);
  }

  /** Returns networks whose policy tells frames apart, as a fresh one hardly does. */
  static IrisNetworks decided(IrisConfig config, int actions) {
    IrisNetworks networks = networks(config, actions);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      networks.actorCriticParameters().values().mul_(new Scalar(4));
    }
    return networks;
  }

  /** Returns random frames, [n, 3, 64, 64] in [0, 1]. */
  static Tensor frames(long seed, int n) {
    RandomStream random = new RandomStream(seed);
    float[] pixels = new float[n * 3 * 64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return Tensors.of(Compute.CPU, pixels, n, 3, 64, 64);
  }
}
