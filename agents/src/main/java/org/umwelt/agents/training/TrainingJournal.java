package org.umwelt.agents.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.EventFile;
import org.umwelt.agents.runs.MetricsLog;
import org.umwelt.agents.runs.RunFolder;
import org.umwelt.envs.Frame;

/** The finished epochs: a line of {@code metrics.jsonl} for each, and the same for TensorBoard. */
final class TrainingJournal implements Closeable {
  private final RunFolder run;
  private final MetricsLog metrics;
  private final EventFile events;
  private final ObjectNode latest = JsonNodeFactory.instance.objectNode();
  private @Nullable EventFile images;
  private double seconds;

  private TrainingJournal(RunFolder run, EventFile events, @Nullable EventFile images) {
    this.run = run;
    this.metrics = run.metrics();
    this.events = events;
    this.images = images;
  }

  /** Returns how many of the first epochs have their lines. */
  static int finishedEpochs(RunFolder run) throws IOException {
    int finished = 0;
    for (ObjectNode line : run.metrics().read()) {
      if (line.path(EpochRecord.EPOCH).asInt() != finished + 1) {
        break;
      }
      finished++;
    }
    return finished;
  }

  /**
   * Opens the journal of a run without what stands behind an epoch.
   *
   * @param last the last epoch that is kept; it and all before it have their lines
   */
  static TrainingJournal open(RunFolder run, int last) throws IOException {
    run.metrics().keep(last);
    List<ObjectNode> lines = run.metrics().read();
    EventFile events = run.replaceEvents();
    EventFile images = run.reopenImageEvents(last).orElse(null);
    TrainingJournal journal = new TrainingJournal(run, events, images);
    for (ObjectNode line : lines) {
      journal.count(line);
    }
    events.flush();
    return journal;
  }

  /**
   * Adds a finished epoch.
   *
   * @param seconds how long it took
   */
  void finished(EpochRecord epoch, double seconds) throws IOException {
    BigDecimal wall = BigDecimal.valueOf(System.currentTimeMillis(), 3);
    for (Map.Entry<String, Frame> image : epoch.images().entrySet()) {
      imageEvents().image(wall.doubleValue(), epoch.epoch(), image.getKey(), image.getValue());
    }
    if (images != null) {
      images.flush();
    }
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put(EpochRecord.EPOCH, epoch.epoch())
        .put(EpochRecord.WALL, wall)
        .put(EpochRecord.SECONDS, seconds);
    epoch.scalars().forEach((tag, value) -> line.put(tag, Double.isFinite(value) ? value : null));
    metrics.append(line);
    count(line);
    events.flush();
  }

  private EventFile imageEvents() throws IOException {
    if (images == null) {
      images = run.imageEvents();
    }
    return images;
  }

  private void count(ObjectNode line) throws IOException {
    seconds += line.path(EpochRecord.SECONDS).asDouble();
    for (Map.Entry<String, JsonNode> scalar : line.properties()) {
      String tag = scalar.getKey();
      if (!EpochRecord.RESERVED.contains(tag)) {
        latest.set(tag, scalar.getValue());
        events.scalar(
            line.path(EpochRecord.WALL).asDouble(),
            line.path(EpochRecord.EPOCH).asLong(),
            tag,
            scalar.getValue().asDouble(Double.NaN));
      }
    }
  }

  /** Makes every line durable. */
  void force() throws IOException {
    metrics.force();
  }

  /** Returns the last value of each tag. */
  ObjectNode latest() {
    return latest;
  }

  /** Returns how long all epochs took. */
  double seconds() {
    return seconds;
  }

  @Override
  public void close() throws IOException {
    try {
      events.close();
    } finally {
      if (images != null) {
        images.close();
      }
    }
  }
}
