package org.umwelt.agents.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.EpisodeStart;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.agents.evaluation.EpisodeRunner;
import org.umwelt.agents.evaluation.EvaluationConfig;
import org.umwelt.envs.registry.Environments;

/** Plays jobs one after the other; agent and environment stay for the next job of the same. */
final class JobPlayer implements AutoCloseable {
  private @Nullable Cast cast;

  /** An agent and the environment it acts in. */
  private record Cast(
      String agent, String environment, String version, AgentFactory factory, EpisodeRunner runner)
      implements AutoCloseable {
    boolean fits(Job job) {
      return agent.equals(job.agent()) && environment.equals(job.environment());
    }

    @Override
    public void close() {
      runner.close();
    }
  }

  /** Plays a job. What goes wrong is the result's error, but for a JVM that cannot go on. */
  JobResult play(KeyedJob asked) {
    long begin = System.nanoTime();
    try {
      List<EpisodeResult> episodes = episodes(asked);
      return new JobResult(asked.key(), asked.job(), episodes, "", secondsSince(begin));
    } catch (VirtualMachineError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      close();
      return JobResult.failed(
          asked, Objects.requireNonNullElse(e.getMessage(), e.toString()), secondsSince(begin));
    }
  }

  private List<EpisodeResult> episodes(KeyedJob asked) {
    Job job = asked.job();
    Cast cast = cast(job);
    JobKey here = JobKey.of(job, cast.factory().digest(), cast.version());
    if (!here.equals(asked.key())) {
      throw new IllegalStateException(
          "the worker has another version of agent, environment or code than the job was asked for with");
    }
    boolean inOrder = cast.factory().needsEpisodesInOrder();
    if (inOrder && job.first() > 0) {
      throw new IllegalStateException(
          "agent %s acts across episodes and cannot start at episode %d"
              .formatted(job.agent(), job.first()));
    }
    EvaluationConfig config = job.evaluation();
    List<EpisodeResult> episodes = new ArrayList<>();
    long steps = 0;
    for (int index = job.first(); index < job.first() + job.count(); index++) {
      EpisodeResult episode =
          cast.runner()
              .play(new EpisodeStart(index, config.episodeSeed(index), inOrder ? steps : 0));
      steps += episode.length();
      episodes.add(episode);
    }
    return episodes;
  }

  private Cast cast(Job job) {
    Cast current = cast;
    if (current == null || !current.fits(job)) {
      close();
      AgentFactory factory = Agents.find(job.agent());
      current =
          new Cast(
              job.agent(),
              job.environment(),
              Environments.version(job.environment()),
              factory,
              EpisodeRunner.make(job.environment(), factory));
      cast = current;
    }
    return current;
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  @Override
  public void close() {
    Cast current = cast;
    cast = null;
    if (current != null) {
      current.close();
    }
  }
}
