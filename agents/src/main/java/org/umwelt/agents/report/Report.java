package org.umwelt.agents.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.umwelt.agents.evaluation.InterquartileMean.Interval;

/**
 * What evaluations say about agents.
 *
 * @param runs every evaluation, sorted by environment, agent, seed
 * @param compared the environments with a scale in which every agent was evaluated, sorted; the
 *     figures are of these
 * @param leftOut the other environments, sorted
 * @param agents one for each agent, sorted by name
 * @param improvements of every agent over every other, over {@code compared}
 * @param thresholds the scores at which profiles are taken, ascending
 */
record Report(
    List<EvaluatedRun> runs,
    List<String> compared,
    List<String> leftOut,
    List<AgentReport> agents,
    List<Improvement> improvements,
    double[] thresholds) {
  private static final int THRESHOLDS = 81;
  private static final double MOST_THRESHOLD = 8;

  /** A figure with its 95 % interval. */
  record Estimate(double value, Interval interval) {}

  /**
   * One agent.
   *
   * @param unit what is drawn anew for intervals: {@code runs} or {@code episodes}
   * @param figures by name; none where no environment is compared
   * @param profile shares above the thresholds; none where no environment is compared
   */
  record AgentReport(
      String name, String unit, SequencedMap<String, Estimate> figures, List<Estimate> profile) {}

  /** The probability that a run of {@code better} beats one of {@code than}. */
  record Improvement(String better, String than, Estimate probability) {}

  /**
   * Computes a report.
   *
   * @param evaluated in any order, at least one
   * @param seed of the bootstrap
   */
  static Report of(List<EvaluatedRun> evaluated, ScoreScale scale, long seed) {
    List<EvaluatedRun> runs = new ArrayList<>(evaluated);
    runs.sort(
        Comparator.comparing(EvaluatedRun::environment)
            .thenComparing(EvaluatedRun::agent)
            .thenComparingLong(EvaluatedRun::seed)
            .thenComparing(EvaluatedRun::run));
    Map<String, Map<String, List<EvaluatedRun>>> byAgent = new TreeMap<>();
    for (EvaluatedRun run : runs) {
      byAgent
          .computeIfAbsent(run.agent(), _ -> new TreeMap<>())
          .computeIfAbsent(run.environment(), _ -> new ArrayList<>())
          .add(run);
    }
    SortedSet<String> all = new TreeSet<>();
    runs.forEach(run -> all.add(run.environment()));
    List<String> compared =
        all.stream()
            .filter(environment -> scale.of(environment, 0).isPresent())
            .filter(environment ->
                byAgent.values().stream().allMatch(its -> its.containsKey(environment)))
            .toList();
    List<String> leftOut = all.stream().filter(each -> !compared.contains(each)).toList();

    StratifiedBootstrap bootstrap = new StratifiedBootstrap(seed);
    Map<String, Scores> scores = new TreeMap<>();
    Map<String, String> units = new TreeMap<>();
    byAgent.forEach((name, its) -> {
      boolean single = its.values().stream().allMatch(list -> list.size() == 1);
      units.put(name, single ? "episodes" : "runs");
      if (!compared.isEmpty()) {
        scores.put(name, scores(its, compared, scale, single));
      }
    });
    double[] thresholds = thresholds(scores);
    List<AgentReport> agents =
        byAgent.keySet().stream()
            .map(name -> agent(name, units, scores, bootstrap, thresholds))
            .toList();
    return new Report(runs, compared, leftOut, agents, improvements(scores, bootstrap), thresholds);
  }

  private static Scores scores(
      Map<String, List<EvaluatedRun>> its,
      List<String> compared,
      ScoreScale scale,
      boolean ofEpisodes) {
    return new Scores(
        compared.stream()
            .map(environment ->
                its.getOrDefault(environment, List.of()).stream()
                    .flatMapToDouble(run ->
                        ofEpisodes
                            ? Arrays.stream(run.returns())
                            : Arrays.stream(new double[] {run.mean()}))
                    .map(value -> scale.of(environment, value).orElseThrow())
                    .toArray())
            .toArray(double[][]::new));
  }

  /** From 0, or the lowest score above -1, to the highest score, at most 8; whole halves. */
  private static double[] thresholds(Map<String, Scores> scores) {
    double[] all =
        scores.values().stream()
            .flatMap(each -> Arrays.stream(each.scores()))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double lowest = Math.max(-1, Math.min(0, Arrays.stream(all).min().orElse(0)));
    double highest = Math.clamp(Arrays.stream(all).max().orElse(1), 1, MOST_THRESHOLD);
    double low = Math.floor(lowest * 2) / 2;
    double high = Math.ceil(highest * 2) / 2;
    double[] thresholds = new double[THRESHOLDS];
    for (int i = 0; i < THRESHOLDS; i++) {
      thresholds[i] = low + (high - low) * i / (THRESHOLDS - 1);
    }
    return thresholds;
  }

  private static AgentReport agent(
      String name,
      Map<String, String> units,
      Map<String, Scores> scores,
      StratifiedBootstrap bootstrap,
      double[] thresholds) {
    SequencedMap<String, Estimate> figures = new LinkedHashMap<>();
    List<Estimate> profile = new ArrayList<>();
    Scores its = scores.get(name);
    if (its != null) {
      for (Scores.Named figure : Scores.FIGURES) {
        figures.put(
            figure.name(),
            new Estimate(
                figure.figure().of(its.scores()), bootstrap.interval(its, figure.figure())));
      }
      profile.addAll(profile(its, bootstrap, thresholds));
    }
    return new AgentReport(name, String.valueOf(units.get(name)), figures, profile);
  }

  private static List<Estimate> profile(
      Scores scores, StratifiedBootstrap bootstrap, double[] thresholds) {
    List<Interval> intervals =
        bootstrap.intervals(
            drawn ->
                Arrays.stream(thresholds).map(each -> Scores.shareAbove(drawn[0], each)).toArray(),
            scores);
    List<Estimate> profile = new ArrayList<>();
    for (int i = 0; i < thresholds.length; i++) {
      profile.add(
          new Estimate(Scores.shareAbove(scores.scores(), thresholds[i]), intervals.get(i)));
    }
    return profile;
  }

  private static List<Improvement> improvements(
      Map<String, Scores> scores, StratifiedBootstrap bootstrap) {
    List<Improvement> improvements = new ArrayList<>();
    scores.forEach((better, its) ->
        scores.forEach((than, those) -> {
          if (!better.equals(than)) {
            improvements.add(
                new Improvement(
                    better,
                    than,
                    new Estimate(
                        Scores.probabilityOfImprovement(its.scores(), those.scores()),
                        bootstrap.interval(
                            drawn -> Scores.probabilityOfImprovement(drawn[0], drawn[1]),
                            its,
                            those))));
          }
        }));
    return improvements;
  }
}
