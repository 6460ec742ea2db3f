package org.umwelt.agents;

/** Makes agents of one kind, each for its own thread. */
@FunctionalInterface
public interface AgentFactory {

  /**
   * Makes an agent.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where the agent cannot act in such an
   *     environment
   */
  Agent make(AgentContext context);

  /**
   * Returns whether an episode's actions depend on the episodes before it, so that episodes must be
   * run one after the other.
   */
  default boolean needsEpisodesInOrder() {
    return false;
  }

  /**
   * Returns a digest of the file the agent comes from, such as {@code sha256:...}, by which a
   * resumed run sees that it is still the same agent; empty where there is no file.
   */
  default String digest() {
    return "";
  }
}
