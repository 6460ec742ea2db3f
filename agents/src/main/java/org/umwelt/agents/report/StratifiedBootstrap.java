package org.umwelt.agents.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.umwelt.agents.evaluation.InterquartileMean;
import org.umwelt.agents.evaluation.InterquartileMean.Interval;
import org.umwelt.kernels.random.RandomStream;

/**
 * Intervals of figures by drawing the runs of every environment anew, with replacement.
 *
 * <p>Section 4.1 of the paper. The draws depend on nothing but the seed and the numbers of runs.
 */
final class StratifiedBootstrap {
  /** How often runs are drawn anew. */
  static final int RESAMPLES = 2000;

  private static final double CONFIDENCE = 0.95;

  private final long seed;

  StratifiedBootstrap(long seed) {
    this.seed = seed;
  }

  /** Returns the 95 % percentile interval of a figure of one agent's scores. */
  Interval interval(Scores scores, Scores.Figure figure) {
    return interval(resampled -> figure.of(resampled[0]), scores);
  }

  /**
   * Returns the 95 % percentile interval of a figure of several agents' scores, whose runs are
   * drawn independently.
   *
   * @param figure of [agents][environments][runs]
   */
  Interval interval(ToDoubleFunction<double[][][]> figure, Scores... agents) {
    return intervals(drawn -> new double[] {figure.applyAsDouble(drawn)}, agents).getFirst();
  }

  /** Returns the intervals of several figures, all of the same draws. */
  List<Interval> intervals(Function<double[][][], double[]> figures, Scores... agents) {
    RandomStream[] random = new RandomStream[agents.length];
    double[][][] drawn = new double[agents.length][][];
    for (int agent = 0; agent < agents.length; agent++) {
      random[agent] = new RandomStream(seed, agent);
      drawn[agent] =
          Arrays.stream(agents[agent].scores()).map(double[]::clone).toArray(double[][]::new);
    }
    double[][] values = new double[RESAMPLES][];
    for (int resample = 0; resample < RESAMPLES; resample++) {
      for (int agent = 0; agent < agents.length; agent++) {
        draw(agents[agent].scores(), random[agent], drawn[agent]);
      }
      values[resample] = figures.apply(drawn);
    }
    return IntStream.range(0, values[0].length)
        .mapToObj(i -> interval(Arrays.stream(values).mapToDouble(each -> each[i]).toArray()))
        .toList();
  }

  private static Interval interval(double[] values) {
    Arrays.sort(values);
    return new Interval(
        InterquartileMean.percentile(values, (1 - CONFIDENCE) / 2),
        InterquartileMean.percentile(values, (1 + CONFIDENCE) / 2));
  }

  private static void draw(double[][] scores, RandomStream random, double[][] into) {
    for (int task = 0; task < scores.length; task++) {
      for (int run = 0; run < scores[task].length; run++) {
        into[task][run] = scores[task][random.nextInt(scores[task].length)];
      }
    }
  }
}
