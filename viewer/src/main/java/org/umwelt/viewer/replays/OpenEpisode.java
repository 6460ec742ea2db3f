package org.umwelt.viewer.replays;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.agents.media.EpisodeFrames;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.Episode;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.viewer.plots.History;
import org.umwelt.viewer.plots.Ticks;

/**
 * A recorded episode of T steps that is being looked at.
 *
 * <p>Its history has a row for each observation 0, ..., T: the reward that led to it, the return up
 * to it, and the value an agent sees in it. Used by one thread at a time, but for the history.
 */
final class OpenEpisode implements AutoCloseable {
  static final int REWARD = 0;
  static final int RETURN = 1;
  static final int VALUE = 2;
  private static final int COLUMNS = 3;
  private static final int MOST_NUMBERS = 6;

  private final Path source;
  private final Dataset dataset;
  private final Episode episode;
  private final EpisodeFrames frames;
  private final History history;
  private final double[] rewards; // [T]
  private final double[] values; // [T + 1], NaN where not known
  private final Value action;

  private OpenEpisode(Path source, Dataset dataset, Episode episode, EpisodeFrames frames) {
    this.source = source;
    this.dataset = dataset;
    this.episode = episode;
    this.frames = frames;
    this.history = new History(COLUMNS, Math.max(2, episode.steps() + 1));
    this.rewards = new double[episode.steps()];
    this.values = new double[episode.steps() + 1];
    this.action = Value.allocate(dataset.description().actionSpace());
    Arrays.fill(values, Double.NaN);
    for (int t = 0; t < rewards.length; t++) {
      rewards[t] = episode.reward(t);
    }
    remember();
  }

  /**
   * Opens an episode.
   *
   * @param source the path of the data set, for people
   * @param dataset stays open for as long as the episode is, and is closed by its owner
   */
  static OpenEpisode open(Path source, Dataset dataset, int index) {
    Episode episode = dataset.episode(index);
    try {
      EpisodeFrames frames = EpisodeFrames.of(dataset, episode);
      try {
        return new OpenEpisode(source, dataset, episode, frames);
      } catch (RuntimeException e) {
        frames.close();
        throw e;
      }
    } catch (RuntimeException e) {
      episode.close();
      throw e;
    }
  }

  private void remember() {
    history.clear();
    double total = 0;
    history.append(Double.NaN, 0, values[0]);
    for (int t = 0; t < rewards.length; t++) {
      total += rewards[t];
      history.append(rewards[t], total, values[t + 1]);
    }
  }

  /**
   * Lets an agent look at every observation, and remembers the values it sees.
   *
   * @param name of the agent, or its file
   * @throws org.umwelt.kernels.settings.BadRequestException where there is no such agent, or it
   *     does not fit
   */
  void judge(String name) {
    DatasetDescription description = dataset.description();
    StepBatch steps =
        StepBatch.allocate(description.observationSpace(), description.infoSpace(), 1);
    Batch actions = Batch.allocate(description.actionSpace(), 1);
    AgentContext context =
        new AgentContext(
            description.environment(),
            description.observationSpace(),
            description.actionSpace(),
            description.infoSpace(),
            1);
    try (Agent agent = Agents.find(name).make(context)) {
      agent.begin(0, new EpisodeStart(summary().index(), summary().seed(), 0));
      for (int t = 0; t <= episode.steps(); t++) {
        episode.observation(t, steps.row(0).observation());
        episode.info(t, steps.row(0).info());
        agent.act(steps, actions);
        values[t] = agent.insight(0).map(Insight::value).orElse(Double.NaN);
        if (Thread.interrupted()) {
          return;
        }
      }
    }
    remember();
  }

  Path source() {
    return source;
  }

  DatasetDescription description() {
    return dataset.description();
  }

  EpisodeSummary summary() {
    return episode.summary();
  }

  /** Returns T. */
  int steps() {
    return episode.steps();
  }

  EpisodeFrames frames() {
    return frames;
  }

  History history() {
    return history;
  }

  /** Returns whether values are known. */
  boolean hasValues() {
    return !Double.isNaN(values[0]);
  }

  /** Returns what led to observation t, in words. */
  String words(int t) {
    if (t == 0) {
      return "reset with seed " + summary().seed();
    }
    episode.action(t - 1, action);
    return "action %s   reward %s".formatted(words(action), Ticks.number(rewards[t - 1]));
  }

  private static String words(Value value) {
    if (value.space() instanceof Discrete) {
      return Long.toString(value.asLong());
    }
    DType dtype = value.layout().getFirst().dtype();
    long count = value.layout().getFirst().byteSize() / dtype.bytes();
    return LongStream.range(0, Math.min(count, MOST_NUMBERS))
        .mapToObj(i -> Ticks.number(dtype.getDouble(value.leaf(0), i)))
        .collect(Collectors.joining(", ", "[", count > MOST_NUMBERS ? ", ...]" : "]"));
  }

  /** Returns the first observation after t that a reward led to; t where there is none. */
  int nextReward(int t) {
    for (int next = t; next < rewards.length; next++) {
      if (rewards[next] != 0) {
        return next + 1;
      }
    }
    return t;
  }

  /** Returns the last observation before t that a reward led to; t where there is none. */
  int previousReward(int t) {
    for (int earlier = t - 2; earlier >= 0; earlier--) {
      if (rewards[earlier] != 0) {
        return earlier + 1;
      }
    }
    return t;
  }

  /** Returns the observation in which the value fell most; -1 where none are known. */
  int largestDrop() {
    int place = -1;
    double most = 0;
    for (int t = 1; t < values.length; t++) {
      double drop = values[t - 1] - values[t];
      if (drop > most) {
        most = drop;
        place = t;
      }
    }
    return place;
  }

  @Override
  public void close() {
    try (episode) {
      frames.close();
    }
  }
}
