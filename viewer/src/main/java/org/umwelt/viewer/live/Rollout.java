package org.umwelt.viewer.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.Agent;
import org.umwelt.agents.AgentContext;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.Insight;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Reset;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.viewer.keys.HeldKeys;
import org.umwelt.viewer.loop.Work;
import org.umwelt.viewer.plots.History;

/**
 * Environments of one id, stepped together under one agent, episode after episode.
 *
 * <p>Episode e of row i has number e n + i and is reset with the request's seed plus that number. A
 * row whose episode has ended is reset in the next step.
 */
final class Rollout implements Work {
  /** Frames of a simulation that are one second of real time. */
  private static final double FRAMES_PER_SECOND = 60;

  /** Steps the time line looks back. */
  private static final int REMEMBERED = 400;

  /** Columns of the history before the probabilities of the actions. */
  static final int REWARD = 0;

  static final int RETURN = 1;
  static final int VALUE = 2;
  static final int ENTROPY = 3;
  static final int FIRST_PROBABILITY = 4;

  /** More probabilities than this are no curves to look at. */
  private static final int MOST_PROBABILITIES = 18;

  /**
   * How it goes.
   *
   * @param episodes that have ended, of all rows
   * @param meanReturn of those; NaN before the first
   * @param length steps of the first row's episode
   * @param totalReward of the first row's episode so far
   * @param seed of the first row's episode
   */
  record Score(long episodes, double meanReturn, long length, double totalReward, long seed) {}

  private final RolloutRequest request;
  private final List<Environment> environments = new ArrayList<>();
  private final List<RowDisplay> displays = new ArrayList<>();
  private final WorkerTeam team;
  private final Agent agent;
  private final StepBatch steps;
  private final Batch actions;
  private final int probabilities;
  private final History history;
  private final double[] column;
  private final long[] episode; // [n], how many were started
  private final long[] length; // [n], steps of the present one
  private final double[] totalReward; // [n]
  private final boolean[] painted; // [n]
  private volatile @Nullable LiveRecording recording;
  private long ended;
  private double endedReturns;
  private volatile boolean hasInsight;
  private volatile boolean hasValue;
  private volatile Score score = new Score(0, Double.NaN, 0, 0, 0);

  private Rollout(RolloutRequest request, HeldKeys keys) {
    this.request = request;
    int n = request.count();
    this.team = new WorkerTeam(Math.clamp(Runtime.getRuntime().availableProcessors() - 1L, 1, n));
    try {
      make(n);
      Environment first = environments.getFirst();
      steps = StepBatch.allocate(first.observationSpace(), first.infoSpace(), n);
      actions = Batch.allocate(first.actionSpace(), n);
      probabilities =
          first.actionSpace() instanceof Discrete discrete && discrete.n() <= MOST_PROBABILITIES
              ? (int) discrete.n()
              : 0;
      AgentContext context =
          new AgentContext(
              request.environment(),
              first.observationSpace(),
              first.actionSpace(),
              first.infoSpace(),
              n);
      agent =
          request.agent().equals(KeyboardAgent.NAME)
              ? new KeyboardAgent(keys, context, first.actionMeanings())
              : Agents.find(request.agent()).make(context);
    } catch (RuntimeException | Error e) {
      environments.forEach(Environment::close);
      team.close();
      throw e;
    }
    history = new History(FIRST_PROBABILITY + probabilities, REMEMBERED);
    column = new double[history.columns()];
    episode = new long[n];
    length = new long[n];
    totalReward = new double[n];
    painted = new boolean[n];
  }

  /**
   * Makes the environments and the agent and starts the first episodes.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where there is no such environment or
   *     agent, or they do not fit
   */
  static Rollout open(RolloutRequest request, HeldKeys keys) throws IOException {
    Rollout rollout = new Rollout(request, keys);
    try {
      rollout.startOver();
      return rollout;
    } catch (RuntimeException | Error | IOException e) {
      rollout.close();
      throw e;
    }
  }

  /** Starts again with the first episode of every row; a recording ends before. */
  void restart() throws IOException {
    stopRecording();
    startOver();
  }

  private void startOver() throws IOException {
    Arrays.fill(episode, 0);
    history.clear();
    ended = 0;
    endedReturns = 0;
    int n = environments.size();
    if (n == 1) {
      reset(0);
    } else {
      team.run(n, this::reset);
    }
    for (int row = 0; row < n; row++) {
      begin(row);
    }
    publish();
  }

  /** Makes the environments, on all processors: loading a game takes its time. */
  private void make(int n) {
    Environment[] made = new Environment[n];
    try (WorkerTeam all = new WorkerTeam(Math.min(n, Runtime.getRuntime().availableProcessors()))) {
      all.run(n, row -> made[row] = Environments.make(request.environment()));
    } finally {
      for (Environment environment : made) {
        if (environment != null) {
          environments.add(environment);
        }
      }
    }
    environments.forEach(environment -> displays.add(RowDisplay.of(environment)));
  }

  /** Returns the number of the episode a row is in, or comes to next where none was started. */
  private long number(int row) {
    return episode[row] * environments.size() + row;
  }

  private long seed(int row) {
    return request.seed() + number(row);
  }

  private void reset(int row) {
    environments.get(row).reset(Reset.seeded(seed(row)), steps.row(row));
    painted[row] = false;
  }

  /** Tells everybody of the episode a row was reset to. */
  private void begin(int row) throws IOException {
    long number = number(row);
    long seed = seed(row);
    episode[row]++;
    agent.begin(row, new EpisodeStart(number, seed, 0));
    if (recording != null) {
      recording.begin(row, number, seed, steps.row(row), environments.get(row));
    }
    length[row] = 0;
    totalReward[row] = 0;
  }

  @Override
  public boolean step() throws IOException {
    agent.act(steps, actions);
    int n = environments.size();
    boolean[] over = new boolean[n];
    for (int row = 0; row < n; row++) {
      over[row] = steps.ended(row);
    }
    boolean firstActed = !over[0];
    if (n == 1) {
      advance(0, over[0]);
    } else {
      team.run(n, row -> advance(row, over[row]));
    }
    for (int row = 0; row < n; row++) {
      if (over[row]) {
        begin(row);
        continue;
      }
      length[row]++;
      totalReward[row] += steps.reward(row);
      if (recording != null) {
        recording.append(row, actions.row(row), steps.row(row));
      }
      if (steps.ended(row)) {
        ended++;
        endedReturns += totalReward[row];
      }
    }
    if (firstActed) {
      remember();
    }
    publish();
    return true;
  }

  private void advance(int row, boolean over) {
    if (over) {
      reset(row);
    } else {
      environments.get(row).step(actions.row(row), steps.row(row));
      painted[row] = false;
    }
    if (displays.get(row).isWanted()) {
      paint(row);
    }
  }

  private void paint(int row) {
    displays.get(row).paint(environments.get(row), steps.row(row));
    painted[row] = true;
  }

  private void remember() {
    Arrays.fill(column, Double.NaN);
    column[REWARD] = steps.reward(0);
    column[RETURN] = totalReward[0];
    Optional<Insight> insight = agent.insight(0);
    if (insight.isPresent()) {
      column[VALUE] = insight.get().value();
      column[ENTROPY] = insight.get().entropy();
      for (int a = 0; a < probabilities; a++) {
        column[FIRST_PROBABILITY + a] = insight.get().probabilities()[a];
      }
      hasValue = !Double.isNaN(insight.get().value());
      hasInsight = true;
    }
    history.append(column);
  }

  private void publish() {
    score =
        new Score(
            ended,
            ended == 0 ? Double.NaN : endedReturns / ended,
            length[0],
            totalReward[0],
            request.seed() + (episode[0] - 1) * environments.size());
  }

  @Override
  public void settle() {
    for (int row = 0; row < environments.size(); row++) {
      if (!painted[row]) {
        paint(row);
      }
    }
  }

  @Override
  public double stepsPerSecond() {
    long frames = environments.getFirst().episodeFrames();
    return FRAMES_PER_SECOND / (length[0] == 0 ? 1 : Math.max(1, (double) frames / length[0]));
  }

  /**
   * Starts recording, with the first episode of every row.
   *
   * @param runs the folder in which the run is made
   * @return the folder of the run
   */
  Path record(Path runs) throws IOException {
    stopRecording();
    LiveRecording started = LiveRecording.start(runs, request, environments.getFirst());
    recording = started;
    startOver();
    return started.path();
  }

  /** Ends the recording; episodes that have not ended are kept as far as they went. */
  @Nullable Path stopRecording() throws IOException {
    LiveRecording stopped = recording;
    recording = null;
    if (stopped == null) {
      return null;
    }
    stopped.close();
    return stopped.path();
  }

  /** Returns whether it is being recorded. */
  boolean isRecording() {
    return recording != null;
  }

  RolloutRequest request() {
    return request;
  }

  /** Returns how each row is seen. */
  List<RowDisplay> displays() {
    return displays;
  }

  /** Returns what happened in the first row, step by step. */
  History history() {
    return history;
  }

  /** Returns whether the agent tells what its choices come from. */
  boolean hasInsight() {
    return hasInsight;
  }

  /** Returns whether the agent expects a return. */
  boolean hasValue() {
    return hasValue;
  }

  /** Returns the names of the actions whose probabilities the history has. */
  List<String> actionNames() {
    List<String> meanings = environments.getFirst().actionMeanings();
    List<String> names = new ArrayList<>();
    for (int a = 0; a < probabilities; a++) {
      names.add(a < meanings.size() ? meanings.get(a) : Integer.toString(a));
    }
    return names;
  }

  Score score() {
    return score;
  }

  @Override
  public void close() throws IOException {
    try {
      stopRecording();
    } finally {
      agent.close();
      team.close();
      environments.forEach(Environment::close);
    }
  }
}
