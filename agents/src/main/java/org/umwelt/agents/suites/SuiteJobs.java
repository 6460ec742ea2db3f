package org.umwelt.agents.suites;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.AgentFactory;
import org.umwelt.agents.Agents;
import org.umwelt.agents.jobs.Job;
import org.umwelt.agents.jobs.JobKey;
import org.umwelt.agents.jobs.KeyedJob;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;

/** The jobs of a suite, and the cell each belongs to. */
public final class SuiteJobs {
  private final SequencedMap<JobKey, Suite.Cell> cells = new LinkedHashMap<>();
  private final List<KeyedJob> jobs = new ArrayList<>();

  /**
   * Looks up agents and environments, and makes none.
   *
   * @throws BadRequestException where one is unknown
   */
  public SuiteJobs(Suite suite) {
    Map<String, Known> agents = new HashMap<>();
    Map<String, String> versions = new HashMap<>();
    for (Suite.Cell cell : suite.cells()) {
      Known agent = agents.computeIfAbsent(cell.agent(), text -> Known.of(Agents.find(text)));
      String version =
          versions.computeIfAbsent(
              cell.environment(),
              id -> {
                Environments.check(id);
                return Environments.version(id);
              });
      int step = agent.inOrder() ? suite.episodes() : suite.episodesPerJob();
      for (int first = 0; first < suite.episodes(); first += step) {
        int count = Math.min(step, suite.episodes() - first);
        Job job = new Job(cell.agent(), cell.environment(), cell.seed(), first, count);
        JobKey key = JobKey.of(job, agent.digest(), version);
        if (cells.putIfAbsent(key, cell) != null) {
          throw new BadRequestException("suite %s: %s comes twice".formatted(suite.name(), job));
        }
        jobs.add(new KeyedJob(key, job));
      }
    }
  }

  /** What is kept of an agent: not its weights. */
  private record Known(String digest, boolean inOrder) {
    static Known of(AgentFactory factory) {
      return new Known(factory.digest(), factory.needsEpisodesInOrder());
    }
  }

  /** Returns the jobs, in the order of the suite. */
  public List<KeyedJob> all() {
    return jobs;
  }

  /** Returns the cell of a job; null where it is none of the suite's. */
  Suite.@Nullable Cell cell(JobKey key) {
    return cells.get(key);
  }
}
