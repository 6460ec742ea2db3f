package org.umwelt.agents.sampling;

import org.umwelt.agents.training.Experiment;

/**
 * A sampling that can be asked for by name: what {@code umwelt sample NAME} runs. Its epochs are
 * blocks of samples.
 *
 * <p>Found through {@link java.util.ServiceLoader}, apart from what is trained.
 */
public interface Sampling extends Experiment {
  @Override
  default String kind() {
    return "sampling";
  }
}
