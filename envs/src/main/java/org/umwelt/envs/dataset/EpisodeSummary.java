package org.umwelt.envs.dataset;

/**
 * What there is to say about an episode without reading its steps.
 *
 * @param index its number in the data set
 * @param seed what it was reset with
 * @param steps T
 * @param totalReward sum of the rewards, added in order
 * @param terminated whether it ended in a terminal state of the world
 * @param truncated whether it was cut off by a limit outside the world
 * @param frames frames of the underlying simulation
 */
public record EpisodeSummary(
    int index,
    long seed,
    int steps,
    double totalReward,
    boolean terminated,
    boolean truncated,
    long frames) {}
