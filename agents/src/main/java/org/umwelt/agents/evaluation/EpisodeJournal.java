package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.EventFile;
import org.umwelt.agents.runs.MetricsLog;
import org.umwelt.agents.runs.RunFolder;

/**
 * Which episodes are finished: a line of {@code metrics.jsonl} for each, and scalars for
 * TensorBoard in the order of the episodes. Thread-safe.
 */
final class EpisodeJournal implements Closeable {
  private static final String EPISODE = "episode";

  private final MetricsLog metrics;
  private final EventFile events;
  private final @Nullable EpisodeResult[] results;
  private int inOrder;
  private double sumInOrder;

  private EpisodeJournal(MetricsLog metrics, EventFile events, int episodes) {
    this.metrics = metrics;
    this.events = events;
    this.results = new EpisodeResult[episodes];
  }

  /**
   * Opens the journal of a run and reads what it holds.
   *
   * @param kept the episodes whose steps are there; null where none are kept. A line about any
   *     other episode does not count
   */
  static EpisodeJournal open(RunFolder run, EvaluationConfig config, @Nullable Set<Integer> kept)
      throws IOException {
    EpisodeJournal journal =
        new EpisodeJournal(run.metrics(), run.replaceEvents(), config.episodes());
    for (ObjectNode line : run.metrics().read()) {
      int index = line.path(EPISODE).asInt(-1);
      if (index >= 0 && index < config.episodes() && (kept == null || kept.contains(index))) {
        journal.results[index] = EpisodeResult.read(index, line);
      }
    }
    journal.writeEvents();
    return journal;
  }

  /** Makes a finished episode known to later sessions. */
  void append(EpisodeResult result, double seconds) throws IOException {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put(EPISODE, result.index()).put("wall", System.currentTimeMillis() / 1000.0);
    result.write(line);
    line.put("seconds", seconds);
    metrics.append(line);
  }

  /** Counts an episode whose steps and line are both kept. */
  synchronized void finished(EpisodeResult result) throws IOException {
    results[result.index()] = result;
    writeEvents();
  }

  private void writeEvents() throws IOException {
    double wall = System.currentTimeMillis() / 1000.0;
    for (; inOrder < results.length; inOrder++) {
      EpisodeResult result = results[inOrder];
      if (result == null) {
        return;
      }
      sumInOrder += result.totalReward();
      events.scalar(wall, inOrder, "episode/return", result.totalReward());
      events.scalar(wall, inOrder, "episode/length", result.length());
      events.scalar(wall, inOrder, "return/mean", sumInOrder / (inOrder + 1));
    }
  }

  synchronized boolean isFinished(int index) {
    return results[index] != null;
  }

  /** Returns the steps of all finished episodes before this one. */
  synchronized long stepsBefore(int index) {
    long steps = 0;
    for (int i = 0; i < index; i++) {
      EpisodeResult result = results[i];
      steps += result == null ? 0 : result.length();
    }
    return steps;
  }

  /** Returns the finished episodes, by index. */
  synchronized List<EpisodeResult> results() {
    return Arrays.stream(results).filter(Objects::nonNull).toList();
  }

  @Override
  public synchronized void close() throws IOException {
    events.close();
  }
}
