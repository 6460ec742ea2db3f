package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.umwelt.agents.AgentFactory;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * What an evaluation's result is a function of.
 *
 * @param environment id, keyword arguments included
 * @param agent name or file
 * @param episodes how many; 1 to 10,000,000
 * @param seed master seed; at least 0
 * @param record whether the steps of every episode are kept
 */
public record EvaluationConfig(
    String environment, String agent, int episodes, long seed, boolean record) {

  private static final int MOST_EPISODES = 10_000_000;

  /** Checks the numbers. */
  public EvaluationConfig {
    if (episodes < 1 || episodes > MOST_EPISODES) {
      throw new BadRequestException(
          episodes < 1
              ? "expected --episodes of at least 1, got " + episodes
              : "expected --episodes of at most %d, got %d".formatted(MOST_EPISODES, episodes));
    }
    if (seed < 0) {
      throw new BadRequestException("expected --seed of at least 0, got " + seed);
    }
  }

  /** Returns the seed of an episode, in [0, 2^31). */
  public long episodeSeed(int index) {
    return RandomStream.deriveSeed(seed, index);
  }

  /** Returns the configuration as a run folder holds it. */
  ObjectNode toJson(AgentFactory factory) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("kind", "evaluation");
    node.put("env", environment);
    node.put("agent", agent);
    if (!factory.digest().isEmpty()) {
      node.put("agent_digest", factory.digest());
    }
    node.put("episodes", episodes);
    node.put("seed", seed);
    node.put("record", record ? "all" : "none");
    return node;
  }
}
