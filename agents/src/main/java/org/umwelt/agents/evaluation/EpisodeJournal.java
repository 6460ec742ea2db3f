package org.umwelt.agents.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.EventFile;
import org.umwelt.agents.runs.MetricsLog;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.envs.dataset.EpisodeSummary;

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
   * @param recorded the episodes whose steps are kept, which are the finished ones: a line without
   *     steps does not count, steps without a line get theirs; null where no steps are kept
   */
  static EpisodeJournal open(
      RunFolder run, EvaluationConfig config, @Nullable List<EpisodeSummary> recorded)
      throws IOException {
    EpisodeJournal journal =
        new EpisodeJournal(run.metrics(), run.replaceEvents(), config.episodes());
    @Nullable EpisodeResult[] lines = new EpisodeResult[config.episodes()];
    for (ObjectNode line : run.metrics().read()) {
      int index = line.path(EPISODE).asInt(-1);
      if (index >= 0 && index < lines.length) {
        lines[index] = EpisodeResult.read(index, line);
      }
    }
    if (recorded == null) {
      System.arraycopy(lines, 0, journal.results, 0, lines.length);
    } else {
      for (EpisodeSummary summary : recorded) {
        EpisodeResult result = EpisodeResult.of(summary);
        journal.results[summary.index()] = result;
        if (!result.equals(lines[summary.index()])) {
          journal.append(result, OptionalDouble.empty());
        }
      }
    }
    journal.writeEvents();
    return journal;
  }

  /**
   * Adds a finished episode.
   *
   * @param seconds how long it took
   */
  synchronized void finished(EpisodeResult result, double seconds) throws IOException {
    append(result, OptionalDouble.of(seconds));
    results[result.index()] = result;
    writeEvents();
  }

  private void append(EpisodeResult result, OptionalDouble seconds) throws IOException {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put(EPISODE, result.index())
        .put("wall", BigDecimal.valueOf(System.currentTimeMillis(), 3));
    result.write(line);
    seconds.ifPresent(value -> line.put("seconds", value));
    metrics.append(line);
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
