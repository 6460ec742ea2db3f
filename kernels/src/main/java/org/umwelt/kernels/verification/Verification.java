package org.umwelt.kernels.verification;

import java.util.List;
import java.util.function.Consumer;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * Compares an implementation with its exact oracles: what {@code umwelt verify NAME} runs.
 *
 * <p>Any module offers its own through {@link java.util.ServiceLoader}.
 */
public interface Verification {
  /** Returns the name on the command line. */
  String name();

  /** Returns what is compared with what, in one line. */
  String summary();

  /** Returns the {@code key=value} settings it takes. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * Runs every comparison.
   *
   * @param progress told what is being done, one line at a time
   * @throws org.umwelt.kernels.settings.BadRequestException where something it needs is not there
   */
  List<Check> run(Settings settings, Consumer<String> progress);
}
