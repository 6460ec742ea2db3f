package org.umwelt.agents.onnx;

import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.AgentFactory;
import org.umwelt.kernels.onnx.OnnxSession;
import org.umwelt.kernels.onnx.OnnxSession.Device;
import org.umwelt.worldmodel.iris.Shared;

/** Makes the agents of one file, which share its session for as long as one of them is open. */
final class OnnxAgentFactory implements AgentFactory {
  private static final Shared<OnnxSession> SESSIONS = new Shared<>();

  private final Policy policy;
  private final double temperature;
  private final Device device;
  private final String digest;

  /**
   * Creates the factory; the session is opened with the first agent.
   *
   * @param temperature of the distribution actions are drawn from, where the policy gives logits
   */
  OnnxAgentFactory(Policy policy, double temperature, Device device) {
    this.policy = policy;
    this.temperature = temperature;
    this.device = device;
    this.digest = policy.model().digest();
  }

  @Override
  public String digest() {
    return digest;
  }

  @Override
  public Agent make(AgentContext context) {
    Fit.require(policy, context);
    String key = device + " " + digest;
    OnnxSession session = SESSIONS.take(key, () -> OnnxSession.open(policy.model(), device));
    Runnable giveBack = () -> SESSIONS.giveBack(key);
    try {
      return new OnnxAgent(policy, session, temperature, context, giveBack);
    } catch (RuntimeException e) {
      giveBack.run();
      throw e;
    }
  }
}
