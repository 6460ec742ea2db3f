package org.umwelt.agents.training;

import java.util.List;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * A training that can be asked for by name: what {@code umwelt train NAME} runs.
 *
 * <p>Found through {@link java.util.ServiceLoader}.
 */
public interface Experiment {
  /** Returns the name on the command line. */
  String name();

  /** Returns what is trained, in one line. */
  String summary();

  /** Returns what a run of it is, for its configuration. */
  default String kind() {
    return "training";
  }

  /**
   * Returns the settings it takes; dots in their names group them, as in {@code
   * tokenizer.channels}. The result must not depend on anything else.
   */
  List<Setting> settings();

  /**
   * Makes a trainer that stands before epoch 1. Writes nothing, and checks what is cheap to check
   * first.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where the settings do not go together
   *     or something they need is not there
   */
  Trainer start(Settings settings, TrainingContext context);
}
