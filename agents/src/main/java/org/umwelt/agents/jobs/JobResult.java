package org.umwelt.agents.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.umwelt.agents.evaluation.EpisodeResult;

/**
 * The outcome of one job.
 *
 * @param key the job's
 * @param job what was done
 * @param episodes in order; none where the job failed
 * @param error one line on why the job failed; empty where it did not
 * @param seconds how long it took, wall clock; of no account for the result
 */
public record JobResult(
    JobKey key, Job job, List<EpisodeResult> episodes, String error, double seconds) {

  private static final String ERROR = "error";
  private static final String SECONDS = "seconds";
  private static final String EPISODES = "episodes";

  /** Copies the list. */
  public JobResult {
    episodes = List.copyOf(episodes);
  }

  static JobResult failed(KeyedJob asked, String error, double seconds) {
    String line = error.strip().replaceAll("\\s*\\R\\s*", " ");
    return new JobResult(asked.key(), asked.job(), List.of(), line, seconds);
  }

  /** Returns whether the job could not be done. */
  public boolean isFailed() {
    return !error.isEmpty();
  }

  ObjectNode toJson() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("key", key.hex());
    job.write(node);
    if (isFailed()) {
      node.put(ERROR, error);
    } else {
      ArrayNode list = node.putArray(EPISODES);
      episodes.forEach(episode -> episode.write(list.addObject()));
    }
    return node.put(SECONDS, seconds);
  }

  /** Returns the result as one line of text, without a line end. */
  public String toLine() {
    return CheckedLine.of(toJson());
  }

  /** Reads what {@link #toLine} wrote; empty where the line is torn or damaged. */
  public static Optional<JobResult> fromLine(String line) {
    return CheckedLine.read(line).map(JobResult::read);
  }

  private static JobResult read(ObjectNode node) {
    Job job = Job.read(node);
    List<EpisodeResult> episodes = new ArrayList<>();
    for (JsonNode episode : node.path(EPISODES)) {
      episodes.add(EpisodeResult.read(job.first() + episodes.size(), (ObjectNode) episode));
    }
    return new JobResult(
        new JobKey(node.path("key").asText()),
        job,
        episodes,
        node.path(ERROR).asText(),
        node.path(SECONDS).asDouble());
  }
}
