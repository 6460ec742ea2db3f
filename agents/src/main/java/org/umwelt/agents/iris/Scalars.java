package org.umwelt.agents.iris;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.umwelt.agents.training.EpochLog;

/** Named numbers of a batch, added up shard by shard, or of many batches, averaged. */
final class Scalars {
  private final Map<String, Double> sums = new TreeMap<>();
  private long count;

  /** Adds to a number. */
  synchronized void add(String name, double value) {
    sums.merge(name, value, Double::sum);
  }

  /** Returns a number; 0 where nothing was added. */
  double get(String name) {
    return sums.getOrDefault(name, 0.0);
  }

  /** Counts one batch: adds its numbers, so that {@link #means} are means over batches. */
  void addBatch(Map<String, Double> batch) {
    batch.forEach(this::add);
    count++;
  }

  /** Returns the sums. */
  SequencedMap<String, Double> sums() {
    return new LinkedHashMap<>(sums);
  }

  /** Writes the mean over the batches of every number, if there was a batch. */
  void means(String prefix, EpochLog log) {
    if (count > 0) {
      sums.forEach((name, sum) -> log.scalar(prefix + name, sum / count));
    }
  }
}
