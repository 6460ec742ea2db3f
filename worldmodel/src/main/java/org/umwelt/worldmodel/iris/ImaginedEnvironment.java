package org.umwelt.worldmodel.iris;

import java.util.List;
import java.util.OptionalLong;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Value;

/**
 * A world that exists in a trained IRIS model only.
 *
 * <h2>Description</h2>
 *
 * <p>A real environment is reset and its first frame encoded; everything after is predicted by the
 * transformer and decoded (section 2.3 of arXiv 2209.00588v2), a function of seed and actions.
 *
 * <h2>Actions</h2>
 *
 * <p>Those of the real environment, with their meanings.
 *
 * <h2>Observations</h2>
 *
 * <p>Box(0, 255, [64, 64, 3], uint8), the first one included: decoded tokens, rounded down.
 *
 * <table>
 *   <caption>Info</caption>
 *   <tr><th>key</th><th>dtype</th><th>range</th><th>meaning</th></tr>
 *   <tr><td>imagined</td><td>int64</td><td>1</td><td>tells a dream from a recording</td></tr>
 *   <tr><td>forgotten</td><td>int64</td><td>0 on</td><td>how often in this episode the model's
 *       memory was full, and it forgot all but the present frame</td></tr>
 * </table>
 *
 * <h2>Reward</h2>
 *
 * <p>The class the model predicts: -1, 0 or 1.
 *
 * <h2>End</h2>
 *
 * <p>Terminated when the model says so; truncated after {@code horizon} steps.
 *
 * <h2>Arguments</h2>
 *
 * <p>{@code env} (the one the model was trained in): real environment. {@code temperature} (1) and
 * {@code sampler} (categorical, or greedy): how tokens, rewards and ends are chosen. {@code
 * horizon} (1000): 0 for no limit.
 *
 * <h2>State</h2>
 *
 * <p>Cannot be saved: the transformer's memory of an episode is megabytes large.
 */
public final class ImaginedEnvironment implements Environment {
  private final ImaginedEpisodes episodes;
  private boolean seeded;

  ImaginedEnvironment(ImaginationConfig config) {
    episodes = new ImaginedEpisodes(config, 1);
  }

  @Override
  public Space observationSpace() {
    return episodes.observationSpace();
  }

  @Override
  public Space actionSpace() {
    return episodes.actionSpace();
  }

  @Override
  public Dict infoSpace() {
    return episodes.infoSpace();
  }

  @Override
  public List<String> actionMeanings() {
    return episodes.actionMeanings();
  }

  @Override
  public void reset(Reset reset, Step out) {
    episodes.requireNoOptions(reset);
    OptionalLong seed = reset.seed();
    if (seed.isEmpty() && !seeded) {
      seed = OptionalLong.of(0);
    }
    episodes.reset(new int[] {0}, new OptionalLong[] {seed}, new Step[] {out});
    seeded = true;
  }

  @Override
  public void step(Value action, Step out) {
    episodes.step(new long[] {episodes.requireAction(0, action)}, new Step[] {out});
  }

  @Override
  public long episodeFrames() {
    return episodes.steps(0);
  }

  /** Returns the present frame, four times as wide and high. */
  @Override
  public Frame render() {
    return episodes.render(0);
  }

  @Override
  public void close() {
    episodes.close();
  }

  @Override
  public String toString() {
    return episodes.config().id();
  }
}
