package org.umwelt.envs.gym;

import java.time.Duration;

/** Whether environments of Gymnasium can be made on this machine. */
public final class GymBridge {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private GymBridge() {}

  /**
   * Starts a Python process, ends it, and returns the versions of Python and Gymnasium.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where no Python has what is needed
   * @throws GymException where the process fails otherwise
   */
  public static String versions() {
    try (PythonWorker worker = PythonWorker.start("gym:<id>", TIMEOUT)) {
      return worker.versions();
    }
  }
}
