package org.umwelt.agents.suites;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.umwelt.agents.evaluation.GameScore;
import org.umwelt.agents.evaluation.ReturnStatistics;

/**
 * One agent in one environment under all seeds.
 *
 * @param agent as the suite names it
 * @param environment id
 * @param returns of every episode by master seed, in the order of the episodes
 * @param steps of all episodes
 * @param frames of the simulation in all episodes
 */
public record SuiteEvaluation(
    String agent, String environment, SortedMap<Long, double[]> returns, long steps, long frames) {

  /** Copies the map. */
  public SuiteEvaluation {
    returns = Collections.unmodifiableSortedMap(new TreeMap<>(returns));
  }

  /** Returns statistics over all episodes of all seeds. */
  public ReturnStatistics statistics() {
    return ReturnStatistics.of(
        returns.values().stream().flatMapToDouble(Arrays::stream).toArray(), returns.firstKey());
  }

  /** Returns the mean return under each seed, by seed. */
  double[] seedMeans() {
    return returns.values().stream().mapToDouble(ReturnStatistics::mean).toArray();
  }

  /** Returns the human-normalised score of the mean return, where it is known. */
  public OptionalDouble humanNormalised() {
    return GameScore.humanNormalised(environment, statistics().mean());
  }

  void write(ObjectNode node) {
    node.put("agent", agent).put("env", environment);
    ArrayNode seeds = node.putArray("seeds");
    double[] means = seedMeans();
    int row = 0;
    for (var seed : returns.entrySet()) {
      ObjectNode one = seeds.addObject().put("seed", seed.getKey()).put("mean", means[row++]);
      Arrays.stream(seed.getValue()).forEach(one.putArray("returns")::add);
    }
    ReturnStatistics all = statistics();
    node.put("episodes", returns.values().stream().mapToInt(one -> one.length).sum());
    all.write(node);
    node.put("steps", steps).put("frames", frames);
    humanNormalised().ifPresent(score -> node.put("human_normalised", score));
  }
}
