package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.umwelt.envs.dataset.EpisodeSummary;

/**
 * The outcome of one episode.
 *
 * @param index number of the episode, from 0
 * @param seed the seed its environment was reset with
 * @param totalReward undiscounted sum of its rewards, added in order
 * @param length how many steps it took
 * @param terminated whether it ended in a terminal state
 * @param truncated whether it was cut off by a limit outside the world
 * @param frames how many frames of the simulation it took, the reset's excluded
 */
public record EpisodeResult(
    int index,
    long seed,
    double totalReward,
    int length,
    boolean terminated,
    boolean truncated,
    long frames) {

  /** Returns what a data set says about an episode. */
  static EpisodeResult of(EpisodeSummary summary) {
    return new EpisodeResult(
        summary.index(),
        summary.seed(),
        summary.totalReward(),
        summary.steps(),
        summary.terminated(),
        summary.truncated(),
        summary.frames());
  }

  /** Writes everything but the index. */
  public void write(ObjectNode node) {
    node.put("seed", seed)
        .put("return", totalReward)
        .put("length", length)
        .put("terminated", terminated)
        .put("truncated", truncated)
        .put("frames", frames);
  }

  /** Reads what {@link #write} wrote. */
  public static EpisodeResult read(int index, ObjectNode node) {
    return new EpisodeResult(
        index,
        node.path("seed").asLong(),
        node.path("return").asDouble(),
        node.path("length").asInt(),
        node.path("terminated").asBoolean(),
        node.path("truncated").asBoolean(),
        node.path("frames").asLong());
  }
}
