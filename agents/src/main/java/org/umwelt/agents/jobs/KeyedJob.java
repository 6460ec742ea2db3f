package org.umwelt.agents.jobs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A job and the key its result will have.
 *
 * @param key as whoever asks for the job sees agent, environment and code
 * @param job what is to be done
 */
public record KeyedJob(JobKey key, Job job) {

  /** Returns the job as one line of text, without a line end. */
  public String toLine() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("key", key.hex());
    job.write(node);
    return CheckedLine.of(node);
  }

  /**
   * Reads what {@link #toLine} wrote.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static KeyedJob fromLine(String line) {
    ObjectNode node =
        CheckedLine.read(line)
            .orElseThrow(() -> new IllegalArgumentException("expected a job, got " + line));
    return new KeyedJob(new JobKey(node.path("key").asText()), Job.read(node));
  }
}
