package org.umwelt.agents.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.umwelt.agents.evaluation.EvaluationConfig;

/**
 * Some episodes of one agent in one environment.
 *
 * @param agent name or file
 * @param environment id, keyword arguments included
 * @param seed master seed the episodes' seeds derive from; at least 0
 * @param first number of the first episode; at least 0
 * @param count how many episodes; at least 1
 */
public record Job(String agent, String environment, long seed, int first, int count) {

  /** Checks the numbers. */
  public Job {
    if (seed < 0 || first < 0 || count < 1) {
      throw new IllegalArgumentException(
          "expected a seed and a first episode of at least 0 and a count of at least 1, got %d, %d, %d"
              .formatted(seed, first, count));
    }
  }

  /** Returns the evaluation whose episodes these are. */
  EvaluationConfig evaluation() {
    return new EvaluationConfig(
        environment, agent, Math.addExact(first, count), seed, /* record= */ false);
  }

  void write(ObjectNode node) {
    node.put("agent", agent)
        .put("env", environment)
        .put("seed", seed)
        .put("first", first)
        .put("count", count);
  }

  static Job read(ObjectNode node) {
    return new Job(
        node.path("agent").asText(),
        node.path("env").asText(),
        node.path("seed").asLong(),
        node.path("first").asInt(),
        node.path("count").asInt());
  }

  /** Returns the job in words. */
  @Override
  public String toString() {
    return "%s in %s, seed %d, %s"
        .formatted(
            agent,
            environment,
            seed,
            count == 1
                ? "episode " + first
                : "episodes %d to %d".formatted(first, first + count - 1));
  }
}
