package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The outcome of an evaluation.
 *
 * <p>All but {@code timing} is a function of the configuration.
 *
 * @param config what was evaluated
 * @param episodes every episode, by index
 * @param returns statistics of their returns
 * @param humanNormalised (mean - random) / (human - random) for the games of Atari 100k
 * @param timing how long it took
 */
public record EvaluationResult(
    EvaluationConfig config,
    List<EpisodeResult> episodes,
    ReturnStatistics returns,
    OptionalDouble humanNormalised,
    Timing timing) {

  /** Copies the list. */
  public EvaluationResult {
    episodes = List.copyOf(episodes);
  }

  /**
   * What the last session of an evaluation did, and how long it took.
   *
   * @param frames frames of the simulation in the episodes it finished
   * @param steps steps in the episodes it finished
   * @param seconds wall-clock time, all workers together
   */
  public record Timing(long frames, long steps, double seconds) {
    /** Returns simulated frames per second; NaN where nothing was run. */
    public double framesPerSecond() {
      return frames == 0 ? Double.NaN : frames / seconds;
    }

    /** Returns steps per second; NaN where nothing was run. */
    public double stepsPerSecond() {
      return steps == 0 ? Double.NaN : steps / seconds;
    }
  }

  /** Returns how many steps all episodes took. */
  public long steps() {
    return episodes.stream().mapToLong(EpisodeResult::length).sum();
  }

  /** Returns how many frames of the simulation all episodes took. */
  public long frames() {
    return episodes.stream().mapToLong(EpisodeResult::frames).sum();
  }

  /** Returns the result as JSON; the last three keys are times. */
  public ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("env", config.environment());
    node.put("agent", config.agent());
    node.put("seed", config.seed());
    var list = node.putArray("episodes");
    episodes.forEach(episode -> episode.write(list.addObject()));
    returns.write(node);
    node.put("steps", steps());
    node.put("frames", frames());
    humanNormalised.ifPresent(score -> node.put("human_normalised", score));
    rate(node, "frames_per_second", timing.framesPerSecond());
    rate(node, "steps_per_second", timing.stepsPerSecond());
    node.put("seconds", timing.seconds());
    return node;
  }

  private static void rate(ObjectNode node, String key, double rate) {
    if (Double.isNaN(rate)) {
      node.putNull(key);
    } else {
      node.put(key, rate);
    }
  }
}
