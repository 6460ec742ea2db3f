package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.envs.dataset.Dataset;
import org.umwelt.envs.dataset.DatasetDescription;
import org.umwelt.envs.dataset.DatasetWriter;
import org.umwelt.envs.dataset.EpisodeRecorder;
import org.umwelt.envs.dataset.EpisodeSummary;
import org.umwelt.envs.gym.GymException;

/**
 * Runs the episodes of an evaluation that are not finished yet.
 *
 * <p>W workers, each with its own environment and agent, take the next open episode until none is
 * left. An episode is finished once its steps are in the run's data set or, where steps are not
 * kept, its line stands in the run's metrics; only whole episodes ever count. An episode whose
 * environment lost its Python process is played again in another one.
 */
public final class Evaluation implements AutoCloseable {
  /** The data set an evaluation writes below {@link RunFolder#episodes}. */
  public static final String DATASET = "eval-v0";

  private final EvaluationConfig config;
  private final AgentFactory agent;
  private final EpisodeRunner first;
  private volatile boolean stopped;

  /**
   * Looks up environment and agent and makes one of each.
   *
   * @throws org.umwelt.kernels.settings.BadRequestException where one is unknown, the agent cannot
   *     act in the environment, or something they need is not there
   */
  public Evaluation(EvaluationConfig config) {
    this.config = config;
    agent = Agents.find(config.agent());
    first = newRunner();
  }

  private EpisodeRunner newRunner() {
    return EpisodeRunner.make(config.environment(), agent);
  }

  /** Returns the configuration as the run folder holds it. */
  public ObjectNode configJson() {
    return config.toJson(agent);
  }

  /** Returns whether episodes must be run one after the other, so that more workers do not help. */
  public boolean needsEpisodesInOrder() {
    return agent.needsEpisodesInOrder();
  }

  /** Makes {@link #run} return soon, with the episodes finished by then. */
  public void stop() {
    stopped = true;
  }

  /**
   * Runs what is missing and writes the result.
   *
   * @param workers how many threads to use at most; at least 1
   * @return the result; empty where it was {@linkplain #stop stopped}
   * @throws EpisodeFailedException where an episode could not be brought to its end
   */
  public Optional<EvaluationResult> run(RunFolder run, int workers, EvaluationListener listener)
      throws IOException {
    Path folder = run.episodes().resolve(DATASET);
    try (DatasetWriter dataset = config.record() ? openDataset(folder) : null;
        EpisodeJournal journal =
            EpisodeJournal.open(run, config, dataset == null ? null : recorded(folder))) {
      List<EpisodeResult> before = journal.results();
      listener.started(before.size(), config.episodes());
      long start = System.nanoTime();
      try {
        new Session(dataset, journal, listener).run(needsEpisodesInOrder() ? 1 : workers);
      } finally {
        if (dataset != null && journal.results().size() < config.episodes()) {
          dataset.suspend();
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      List<EpisodeResult> all = journal.results();
      if (all.size() < config.episodes()) {
        return Optional.empty();
      }
      EvaluationResult result = result(all, before, seconds);
      run.writeResult(result.toJson());
      return Optional.of(result);
    }
  }

  private DatasetWriter openDataset(Path folder) {
    return DatasetWriter.reopen(
        folder,
        DatasetDescription.of(DATASET, config.environment(), config.agent(), first.environment()));
  }

  private static List<EpisodeSummary> recorded(Path folder) {
    try (Dataset dataset = Dataset.open(folder)) {
      return dataset.episodes();
    }
  }

  private EvaluationResult result(
      List<EpisodeResult> all, List<EpisodeResult> before, double seconds) {
    double[] returns = all.stream().mapToDouble(EpisodeResult::totalReward).toArray();
    ReturnStatistics statistics = ReturnStatistics.of(returns, config.seed());
    long frames = sum(all, EpisodeResult::frames) - sum(before, EpisodeResult::frames);
    long steps = sum(all, EpisodeResult::length) - sum(before, EpisodeResult::length);
    return new EvaluationResult(
        config,
        all,
        statistics,
        GameScore.humanNormalised(config.environment(), statistics.mean()),
        new EvaluationResult.Timing(frames, steps, seconds));
  }

  private static long sum(List<EpisodeResult> results, ToLongFunction<EpisodeResult> what) {
    return results.stream().mapToLong(what).sum();
  }

  @Override
  public void close() {
    first.close();
  }

  /** One pass over the open episodes. */
  private final class Session {
    private final @Nullable DatasetWriter dataset;
    private final EpisodeJournal journal;
    private final EvaluationListener listener;
    private final int[] open;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Session(@Nullable DatasetWriter dataset, EpisodeJournal journal, EvaluationListener listener) {
      this.dataset = dataset;
      this.journal = journal;
      this.listener = listener;
      this.open =
          IntStream.range(0, config.episodes()).filter(i -> !journal.isFinished(i)).toArray();
    }

    void run(int workers) {
      List<Thread> helpers = new ArrayList<>();
      for (int worker = 1; worker < Math.min(workers, open.length); worker++) {
        helpers.add(
            Thread.ofPlatform().daemon().name("umwelt-evaluation-" + worker).start(this::help));
      }
      work(first);
      for (Thread helper : helpers) {
        join(helper);
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }

    private void help() {
      try (EpisodeRunner runner = newRunner()) {
        work(runner);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }

    private boolean isStopped() {
      return stopped || failure.get() != null;
    }

    private void work(EpisodeRunner runner) {
      for (int i = next.getAndIncrement();
          i < open.length && !isStopped();
          i = next.getAndIncrement()) {
        long seed = config.episodeSeed(open[i]);
        try {
          episode(runner, open[i], seed);
        } catch (IOException | RuntimeException | Error e) {
          failure.compareAndSet(null, new EpisodeFailedException(open[i], seed, e));
        }
      }
    }

    private void episode(EpisodeRunner runner, int index, long seed) throws IOException {
      for (int attempt = 1; ; attempt++) {
        try {
          attempt(runner, index, seed);
          return;
        } catch (GymException e) {
          if (isStopped() || !EpisodeRunner.isWorthAnother(attempt, e)) {
            throw e;
          }
        }
      }
    }

    private void attempt(EpisodeRunner runner, int index, long seed) throws IOException {
      long begin = System.nanoTime();
      long stepsBefore = needsEpisodesInOrder() ? journal.stepsBefore(index) : 0;
      try (EpisodeRecorder recorder = dataset == null ? null : dataset.record(index, seed)) {
        EpisodeResult result =
            runner.run(new EpisodeStart(index, seed, stepsBefore), recorder, this::isStopped);
        if (result == null) {
          return;
        }
        // The steps come first: they carry the result, and the next session adds a missing line.
        if (recorder != null) {
          recorder.finish(result.frames());
        }
        synchronized (journal) {
          journal.finished(result, (System.nanoTime() - begin) / 1e9);
          listener.finished(result);
        }
      }
    }

    private static void join(Thread thread) {
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
