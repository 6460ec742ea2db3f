package org.umwelt.agents.iris;

import java.util.List;

/**
 * Some futures of one start state beside what really happened.
 *
 * @param seed of the real episode
 * @param offset steps of it before the dream began
 * @param ended whether the real episode ended at the last step
 * @param distances of each future at each step, [steps, futures], see {@link Divergence}
 * @param reconstruction distance of the tokenizer's reconstruction at each step
 * @param unrelated distance of a frame of another episode at each step
 * @param rewards the real one at each step
 * @param rewardsAgree futures with the sign of the real reward at each step
 * @param endsAgree futures that end at this step where the real episode does, and do not elsewhere
 */
record DivergencePoint(
    long seed,
    int offset,
    boolean ended,
    List<double[]> distances,
    List<Double> reconstruction,
    List<Double> unrelated,
    List<Double> rewards,
    List<Integer> rewardsAgree,
    List<Integer> endsAgree) {

  /** Returns how many steps were compared. */
  int steps() {
    return distances.size();
  }
}
