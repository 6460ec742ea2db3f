package org.umwelt.agents.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.umwelt.agents.runs.RunFolder;

/**
 * One evaluation: one agent in one environment under one master seed.
 *
 * @param agent as it is called in the report
 * @param environment id
 * @param seed master seed
 * @param returns of its episodes, in order; at least one
 * @param run its folder
 */
record EvaluatedRun(String agent, String environment, long seed, double[] returns, Path run) {

  /** Returns the score of the run: the mean return of its episodes. */
  double mean() {
    return Arrays.stream(returns).average().orElseThrow();
  }

  /**
   * Reads what a run evaluated: one agent, or all of a suite.
   *
   * @param label what to call the agent; empty for the name the run has
   * @return nothing where it is no finished evaluation
   */
  static List<EvaluatedRun> read(Path run, String label) throws IOException {
    Optional<ObjectNode> found = RunFolder.result(run);
    if (found.isEmpty()) {
      return List.of();
    }
    List<EvaluatedRun> runs = new ArrayList<>();
    ObjectNode result = found.get();
    for (JsonNode evaluation : result.path("evaluations")) {
      for (JsonNode seed : evaluation.path("seeds")) {
        add(runs, evaluation, label, seed.path("seed"), returns(seed.path("returns")), run);
      }
    }
    List<Double> returns = new ArrayList<>();
    result.path("episodes").forEach(episode -> returns.add(episode.path("return").asDouble()));
    add(runs, result, label, result.path("seed"), returns, run);
    return runs;
  }

  private static List<Double> returns(JsonNode array) {
    List<Double> returns = new ArrayList<>();
    array.forEach(value -> returns.add(value.asDouble()));
    return returns;
  }

  private static void add(
      List<EvaluatedRun> runs,
      JsonNode told,
      String label,
      JsonNode seed,
      List<Double> returns,
      Path run) {
    if (!told.path("agent").isTextual() || !told.path("env").isTextual() || returns.isEmpty()) {
      return;
    }
    runs.add(
        new EvaluatedRun(
            label.isEmpty() ? told.path("agent").asText() : label,
            told.path("env").asText(),
            seed.asLong(),
            returns.stream().mapToDouble(Double::doubleValue).toArray(),
            run));
  }
}
