package org.umwelt.agents;

import org.umwelt.envs.Environment;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;

/**
 * What an agent is made for.
 *
 * @param environment the environment's id, keyword arguments included
 * @param observationSpace the space of one row's observations
 * @param actionSpace the space of one row's actions
 * @param infoSpace the space of one row's infos
 * @param rows n, how many environments the agent acts for in one call
 */
public record AgentContext(
    String environment, Space observationSpace, Space actionSpace, Dict infoSpace, int rows) {

  /** Returns the context of an agent for one environment. */
  public static AgentContext of(String id, Environment environment) {
    return new AgentContext(
        id, environment.observationSpace(), environment.actionSpace(), environment.infoSpace(), 1);
  }
}
