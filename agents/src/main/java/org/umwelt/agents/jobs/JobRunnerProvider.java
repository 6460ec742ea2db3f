package org.umwelt.agents.jobs;

import java.io.IOException;

/** A kind of {@link JobRunner}; found through {@link java.util.ServiceLoader}. */
public interface JobRunnerProvider {

  /** Returns the name before the colon of {@code --engine}. */
  String name();

  /**
   * Starts an engine.
   *
   * @param argument what stands behind the colon; empty where there is none
   * @throws org.umwelt.kernels.settings.BadRequestException where the argument is wrong
   * @throws IOException where the engine cannot be reached or started
   */
  JobRunner open(String argument, EngineOptions options) throws IOException;
}
