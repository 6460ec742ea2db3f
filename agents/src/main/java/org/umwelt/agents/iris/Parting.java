package org.umwelt.agents.iris;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.umwelt.envs.Frame;

/**
 * Where one dream parts from reality, measured as {@link Divergence} does over many.
 *
 * @param steps one per step of the dream that was really played, from the first on
 * @param reconstruction mean distance of reconstructions
 * @param unrelated mean distance of unrelated frames
 * @param threshold distance beyond which the dream has parted
 * @param horizon steps before it first does; all of them where it does not
 */
public record Parting(
    List<Step> steps, double reconstruction, double unrelated, double threshold, int horizon) {

  /**
   * A step of a dream beside reality. Distances are mean absolute differences of pixels in [0, 1].
   *
   * @param dream distance of the imagined frame from the real one
   * @param reconstruction of what the tokenizer makes of the real one
   * @param unrelated of a frame of another episode
   * @param rewardAgrees whether the predicted reward has the sign of the real one
   * @param endAgrees whether both end here or both go on
   */
  public record Step(
      double dream,
      double reconstruction,
      double unrelated,
      boolean rewardAgrees,
      boolean endAgrees) {

    /** Compares. */
    public static Step of(Moment dreamt, Dream.Real real, Frame unrelated) {
      return new Step(
          DivergenceTrainer.distance(dreamt.frame(), real.frame()),
          DivergenceTrainer.distance(real.reconstruction(), real.frame()),
          DivergenceTrainer.distance(unrelated, real.frame()),
          dreamt.reward() == (long) Math.signum(real.reward()),
          dreamt.end() == real.ended());
    }
  }

  /**
   * Finds the horizon.
   *
   * @param steps at least one
   * @param fraction of the way from reconstructions to unrelated frames, in (0, 1)
   */
  public static Parting of(List<Step> steps, double fraction) {
    double reconstruction = mean(steps, Step::reconstruction);
    double unrelated = mean(steps, Step::unrelated);
    double threshold = Divergence.threshold(reconstruction, unrelated, fraction);
    int horizon = 0;
    while (horizon < steps.size() && steps.get(horizon).dream() <= threshold) {
      horizon++;
    }
    return new Parting(List.copyOf(steps), reconstruction, unrelated, threshold, horizon);
  }

  private static double mean(List<Step> steps, ToDoubleFunction<Step> number) {
    return steps.stream().mapToDouble(number).average().orElse(Double.NaN);
  }

  /** Returns whether the dream has parted from reality. */
  public boolean hasParted() {
    return horizon < steps.size();
  }

  /** Returns at how many steps the sign of the reward is the real one. */
  public long rewardsAgree() {
    return steps.stream().filter(Step::rewardAgrees).count();
  }

  /** Returns at how many steps dream and reality both end or both go on. */
  public long endsAgree() {
    return steps.stream().filter(Step::endAgrees).count();
  }
}
