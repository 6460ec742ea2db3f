package org.umwelt.agents;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A family of agents; found through {@link java.util.ServiceLoader}. */
public interface AgentProvider {

  /** Returns the agents of this family that have a name. Must be cheap. */
  List<AgentEntry> entries();

  /**
   * Returns the agent stored in a file or folder; null where it is not of this family.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where it is, but cannot be read
   */
  default @Nullable AgentFactory open(Path file) {
    return null;
  }
}
