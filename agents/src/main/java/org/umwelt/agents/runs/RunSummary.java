package org.umwelt.agents.runs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a list of runs says about one of them.
 *
 * @param path its folder
 * @param kind evaluation, training, sampling, live, or another word its configuration has; empty
 *     where that cannot be read
 * @param experiment name of what was trained or sampled; empty for an evaluation of episodes
 * @param environment id; empty where there is none
 * @param agent name or file; empty where there is none
 * @param seed master seed
 * @param state how far it is
 * @param evidence what that was seen from, in a few words
 * @param progress what is done of what was asked for
 * @param results the few most telling results, best known first; of a run that has no result yet,
 *     the newest numbers of its metrics
 * @param started when its first session started
 * @param seconds how long it took as its result says; without a result, from the start of its last
 *     session to the last line of metrics; NaN where unknown
 * @param revision the first ten digits of the revision of its last session, with a plus where the
 *     checkout was changed; empty where unknown
 * @param problem one line about what is damaged, missing or not understood; empty where nothing is
 */
public record RunSummary(
    Path path,
    String kind,
    String experiment,
    String environment,
    String agent,
    OptionalLong seed,
    RunState state,
    String evidence,
    Progress progress,
    List<KeyResult> results,
    Optional<Instant> started,
    double seconds,
    String revision,
    String problem) {

  /** Copies the list. */
  public RunSummary {
    results = List.copyOf(results);
  }

  /**
   * What is done.
   *
   * @param done episodes, epochs or blocks
   * @param total of how many; -1 where that is not known
   * @param estimated whether {@code done} was told from the size of the metrics, not counted
   */
  public record Progress(long done, long total, boolean estimated) {
    /** Nothing is known. */
    public static final Progress NONE = new Progress(0, -1, false);

    /** Returns the share that is done, in [0, 1]; NaN where the total is not known. */
    public double share() {
      return total > 0 ? Math.min(1, (double) done / total) : Double.NaN;
    }
  }

  RunSummary inState(RunState newState, String newEvidence) {
    return new RunSummary(
        path,
        kind,
        experiment,
        environment,
        agent,
        seed,
        newState,
        newEvidence,
        progress,
        results,
        started,
        seconds,
        revision,
        problem);
  }

  /** Returns what was run: the experiment, or agent and environment. */
  public String title() {
    if (experiment.isEmpty()) {
      return agent.isEmpty() ? environment : "%s in %s".formatted(agent, environment);
    }
    return environment.isEmpty() ? experiment : "%s in %s".formatted(experiment, environment);
  }

  /** Returns whether something about the run could not be read. */
  public boolean hasProblem() {
    return !problem.isEmpty();
  }
}
