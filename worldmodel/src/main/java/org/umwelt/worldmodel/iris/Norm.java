package org.umwelt.worldmodel.iris;

import org.umwelt.kernels.nn.GroupNorm;
import org.umwelt.kernels.nn.Parameters;

/** The tokenizer's normalisation. */
final class Norm {
  private static final double EPSILON = 1e-6;

  private Norm() {}

  static GroupNorm of(Parameters parameters, TokenizerConfig config, int channels) {
    return new GroupNorm(parameters, channels, config.groups(channels), EPSILON);
  }
}
