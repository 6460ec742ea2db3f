package org.umwelt.agents.suites;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.umwelt.agents.evaluation.GameScore;
import org.umwelt.agents.evaluation.InterquartileMean;
import org.umwelt.agents.evaluation.ReturnStatistics;

/**
 * What an agent makes of the games that have a human score, where 0 is a random player and 1 a
 * human.
 *
 * @param agent as the suite names it
 * @param games how many games
 * @param mean of the games' scores; NaN without games, as the next two
 * @param median of the games' scores
 * @param iqm inter-quartile mean of the scores of all games under all seeds
 */
public record HumanComparison(String agent, int games, double mean, double median, double iqm) {

  static HumanComparison of(String agent, List<SuiteEvaluation> evaluations) {
    double[] scores =
        evaluations.stream()
            .map(SuiteEvaluation::humanNormalised)
            .flatMapToDouble(OptionalDouble::stream)
            .sorted()
            .toArray();
    if (scores.length == 0) {
      return new HumanComparison(agent, 0, Double.NaN, Double.NaN, Double.NaN);
    }
    double[] runs =
        evaluations.stream()
            .flatMapToDouble(one ->
                Arrays.stream(one.seedMeans())
                    .flatMap(mean -> GameScore.humanNormalised(one.environment(), mean).stream()))
            .toArray();
    int n = scores.length;
    double median = (scores[(n - 1) / 2] + scores[n / 2]) / 2;
    return new HumanComparison(
        agent, n, ReturnStatistics.mean(scores), median, InterquartileMean.of(runs));
  }

  void write(ObjectNode node) {
    node.put("agent", agent);
    node.putObject("human_normalised")
        .put("games", games)
        .put("mean", mean)
        .put("median", median)
        .put("iqm", iqm);
  }
}
