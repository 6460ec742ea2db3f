package org.umwelt.agents.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.EpisodeRunner;
import org.umwelt.kernels.random.RandomStream;

/** What every engine keeps to. */
public abstract class JobRunnerContract {
  @TempDir private Path folder;

  /**
   * Starts the engine, with two workers.
   *
   * @param folder for what it may leave
   */
  protected abstract JobRunner open(Path folder) throws IOException;

  private static KeyedJob keyed(Job job) {
    return new KeyedJob(JobKey.of(job, Agents.find(job.agent()).digest(), ""), job);
  }

  private static List<KeyedJob> jobs(String environment, int seeds) {
    return IntStream.range(0, seeds)
        .mapToObj(seed -> keyed(new Job("random", environment, seed, 0, 2)))
        .toList();
  }

  private Map<JobKey, JobResult> run(List<KeyedJob> jobs) throws IOException {
    Map<JobKey, JobResult> results = new HashMap<>();
    try (JobRunner runner = open(folder)) {
      runner.run(jobs, result -> assertThat(results.put(result.key(), result)).isNull());
    }
    assertThat(results).containsOnlyKeys(jobs.stream().map(KeyedJob::key).toList());
    return results;
  }

  private static JobResult resultOf(KeyedJob asked, Map<JobKey, JobResult> results) {
    return Objects.requireNonNull(results.get(asked.key()));
  }

  /** Plays a job in this thread. */
  private static List<EpisodeResult> played(Job job) {
    List<EpisodeResult> episodes = new ArrayList<>();
    try (EpisodeRunner runner = EpisodeRunner.make(job.environment(), Agents.find(job.agent()))) {
      for (int index = job.first(); index < job.first() + job.count(); index++) {
        long seed = RandomStream.deriveSeed(job.seed(), index);
        episodes.add(runner.play(new EpisodeStart(index, seed, 0)));
      }
    }
    return episodes;
  }

  @Test
  void resultsAreThoseOfOneThread() throws IOException {
    List<KeyedJob> jobs = new ArrayList<>(jobs("test/Walk-v0", 30));
    jobs.addAll(jobs("umwelt/Catch-v0", 3));
    jobs.add(keyed(new Job("scripted", "umwelt/Catch-v0", 5, 7, 3)));
    Map<JobKey, JobResult> results = run(jobs);
    for (KeyedJob asked : jobs) {
      JobResult result = resultOf(asked, results);
      assertThat(result.error()).isEmpty();
      assertThat(result.job()).isEqualTo(asked.job());
      assertThat(result.episodes()).isEqualTo(played(asked.job()));
    }
  }

  @Test
  void aJobThatThrowsFailsAlone() throws IOException {
    long seed = RandomStream.deriveSeed(3, 1);
    List<KeyedJob> jobs = jobs("test/Walk-v0?length=5&fail=" + seed, 8);
    Map<JobKey, JobResult> results = run(jobs);
    for (KeyedJob asked : jobs) {
      JobResult result = resultOf(asked, results);
      assertThat(result.error()).isEqualTo(asked.job().seed() == 3 ? "the walker fell" : "");
      assertThat(result.episodes()).hasSize(asked.job().seed() == 3 ? 0 : 2);
    }
  }

  @Test
  void aJobThatEndsItsProcessAgainAndAgainFailsAlone() throws IOException {
    long seed = RandomStream.deriveSeed(3, 1);
    List<KeyedJob> jobs = jobs("test/Walk-v0?length=5&crash=" + seed, 8);
    Map<JobKey, JobResult> results = run(jobs);
    for (KeyedJob asked : jobs) {
      JobResult result = resultOf(asked, results);
      if (asked.job().seed() == 3) {
        assertThat(result.error())
            .contains("given up after 3 processes", "SIGSEGV", "libc", "crash-");
      } else {
        assertThat(result.episodes()).hasSize(2);
      }
    }
  }

  @Test
  void aJobWhoseProcessEndsOnceIsPlayedAgain() throws IOException {
    Path once = folder.resolve("once");
    List<KeyedJob> jobs = jobs("test/Walk-v0?length=5&crash_once=" + once, 8);
    assertThat(run(jobs).values()).noneMatch(JobResult::isFailed);
    assertThat(once).exists();
  }

  @Test
  void aJobOfOtherCodeIsRefused() throws IOException {
    Job job = new Job("random", "test/Walk-v0", 1, 0, 1);
    KeyedJob other = new KeyedJob(JobKey.of(job, "", "", "other code"), job);
    assertThat(resultOf(other, run(List.of(other))).error())
        .contains("another version of agent, environment or code");
  }

  @Test
  void whatTheSinkThrowsEndsTheRun() throws IOException {
    List<JobResult> taken = new ArrayList<>();
    try (JobRunner runner = open(folder)) {
      JobSink full =
          result -> {
            taken.add(result);
            throw new IOException("no space");
          };
      assertThatThrownBy(() -> runner.run(jobs("test/Walk-v0", 20), full))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no space");
    }
    assertThat(taken).hasSize(1);
  }

  @Test
  void stopEndsTheRunInTheMiddleOfAJob() throws IOException {
    List<JobResult> taken = new ArrayList<>();
    List<KeyedJob> jobs = new ArrayList<>(jobs("test/Walk-v0?length=2", 1));
    jobs.addAll(jobs("test/Walk-v0?length=1000000&pause=1000", 3));
    try (JobRunner runner = open(folder)) {
      runner.run(
          jobs,
          result -> {
            taken.add(result);
            runner.stop();
          });
    }
    assertThat(taken).hasSize(1);
  }

  @Test
  void noJobsAreDoneAtOnce() throws IOException {
    assertThat(run(List.of())).isEmpty();
  }
}
