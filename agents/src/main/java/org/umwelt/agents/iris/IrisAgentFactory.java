package org.umwelt.agents.iris;

import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.worldmodel.iris.SavedIris;
import org.umwelt.worldmodel.iris.Shared;

/** Makes the agents of one file, which share its networks for as long as one of them is open. */
final class IrisAgentFactory implements AgentFactory {
  private static final Shared<IrisNetworks> NETWORKS = new Shared<>();

  private final SavedIris saved;
  private final double temperature;
  private final String digest;

  /**
   * Creates the factory; networks are built with the first agent.
   *
   * @param temperature of the distribution actions are drawn from
   */
  IrisAgentFactory(SavedIris saved, double temperature) {
    this.saved = saved;
    this.temperature = temperature;
    this.digest = saved.digest();
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public Agent make(AgentContext context) {
    requireFitting(context);
    IrisNetworks networks = NETWORKS.take(digest, () -> IrisNetworks.open(saved));
    return new IrisAgent(networks, temperature, context.rows(), () -> NETWORKS.giveBack(digest));
  }

  private void requireFitting(AgentContext context) {
    int size = saved.sizes().tokenizer().resolution();
    Box observations = Box.image(size, size, 3);
    if (!context.observationSpace().equals(observations)) {
      throw new BadRequestException(
          "%s: this agent needs observations %s, %s has %s; evaluate it in %s"
              .formatted(
                  saved.file(),
                  observations,
                  context.environment(),
                  context.observationSpace(),
                  home()));
    }
    Discrete actions = Discrete.of(saved.sizes().actions());
    if (!context.actionSpace().equals(actions)) {
      throw new BadRequestException(
          "%s: this agent has actions %s, %s takes %s; evaluate it in %s"
              .formatted(
                  saved.file(), actions, context.environment(), context.actionSpace(), home()));
    }
  }

  /** Returns where the agent belongs, in words. */
  private String home() {
    return saved.environment().isEmpty()
        ? "the game it was trained in, such as Atari100k/Pong-test-v0"
        : IrisEnvironments.test(saved.environment());
  }
}
