package org.umwelt.agents.suites;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.jobs.CodeVersion;
import org.umwelt.agents.jobs.JobResult;

/**
 * The outcome of a suite, as far as its jobs are finished.
 *
 * @param suite what was evaluated
 * @param evaluations one for each agent and environment with a finished job, sorted
 * @param jobs how many jobs are finished
 * @param seconds wall-clock time of the last session
 */
public record SuiteResult(
    Suite suite, List<SuiteEvaluation> evaluations, int jobs, double seconds) {

  /** Copies the list. */
  public SuiteResult {
    evaluations = List.copyOf(evaluations);
  }

  /** Gathers results, in any order; holds some numbers per episode. */
  static final class Builder {
    private final Suite suite;
    private final SortedMap<Place, SortedMap<Integer, Episode>> places =
        new TreeMap<>(
            Comparator.comparing(Place::label)
                .thenComparing(Place::environment)
                .thenComparingLong(Place::seed));

    private int jobs;

    private record Place(String label, String environment, long seed) {}

    private record Episode(double totalReward, int length, long frames) {}

    Builder(Suite suite) {
      this.suite = suite;
    }

    void add(Suite.Cell cell, JobResult result) {
      SortedMap<Integer, Episode> episodes =
          places.computeIfAbsent(
              new Place(cell.label(), cell.environment(), cell.seed()), _ -> new TreeMap<>());
      for (EpisodeResult episode : result.episodes()) {
        episodes.put(
            episode.index(),
            new Episode(episode.totalReward(), episode.length(), episode.frames()));
      }
      jobs++;
    }

    SuiteResult build(double seconds) {
      List<SuiteEvaluation> evaluations = new ArrayList<>();
      SortedMap<Long, double[]> returns = new TreeMap<>();
      long steps = 0;
      long frames = 0;
      var entries = List.copyOf(places.entrySet());
      for (int i = 0; i < entries.size(); i++) {
        Place place = entries.get(i).getKey();
        var episodes = entries.get(i).getValue().values();
        returns.put(place.seed(), episodes.stream().mapToDouble(Episode::totalReward).toArray());
        steps += episodes.stream().mapToLong(Episode::length).sum();
        frames += episodes.stream().mapToLong(Episode::frames).sum();
        if (i + 1 == entries.size() || !together(place, entries.get(i + 1).getKey())) {
          evaluations.add(
              new SuiteEvaluation(place.label(), place.environment(), returns, steps, frames));
          returns = new TreeMap<>();
          steps = 0;
          frames = 0;
        }
      }
      return new SuiteResult(suite, evaluations, jobs, seconds);
    }

    private static boolean together(Place a, Place b) {
      return a.label().equals(b.label()) && a.environment().equals(b.environment());
    }
  }

  /** Returns what each agent makes of the games with a human score, sorted by agent. */
  public List<HumanComparison> agents() {
    return suite.agents().stream()
        .sorted()
        .map(agent ->
            HumanComparison.of(
                agent, evaluations.stream().filter(one -> one.agent().equals(agent)).toList()))
        .filter(comparison -> comparison.games() > 0)
        .toList();
  }

  /** Returns the result as JSON; the last key is a time. */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("suite", suite.name());
    node.put("episodes", suite.episodes());
    ArrayNode seeds = node.putArray("seeds");
    suite.seeds().stream().sorted().forEach(seeds::add);
    ArrayNode list = node.putArray("evaluations");
    evaluations.forEach(evaluation -> evaluation.write(list.addObject()));
    ArrayNode compared = node.putArray("agents");
    agents().forEach(comparison -> comparison.write(compared.addObject()));
    node.put("jobs", jobs);
    node.put("code", CodeVersion.get().digest());
    node.put("seconds", seconds);
    return node;
  }
}
