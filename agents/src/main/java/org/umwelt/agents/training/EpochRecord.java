package org.umwelt.agents.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.umwelt.envs.Frame;

/** What one epoch said, until the epoch is finished. */
final class EpochRecord implements EpochLog {
  static final String EPOCH = "epoch";
  static final String WALL = "wall";
  static final String SECONDS = "seconds";
  static final Set<String> RESERVED = Set.of(EPOCH, WALL, SECONDS);

  private final Map<String, Double> scalars = new LinkedHashMap<>();
  private final Map<String, Frame> images = new LinkedHashMap<>();
  private final int epoch;
  private final TrainingListener listener;
  private final BooleanSupplier stopped;

  EpochRecord(int epoch, TrainingListener listener, BooleanSupplier stopped) {
    this.epoch = epoch;
    this.listener = listener;
    this.stopped = stopped;
  }

  int epoch() {
    return epoch;
  }

  /** Returns the values by tag, in the order added. */
  Map<String, Double> scalars() {
    return scalars;
  }

  /** Returns the pictures by tag, in the order added. */
  Map<String, Frame> images() {
    return images;
  }

  @Override
  public void scalar(String tag, double value) {
    if (RESERVED.contains(tag)) {
      throw new IllegalArgumentException("every line has a %s of its own".formatted(tag));
    }
    add(scalars, tag, value);
  }

  @Override
  public void image(String tag, Frame frame) {
    add(images, tag, frame);
  }

  private <T> void add(Map<String, T> all, String tag, T value) {
    if (all.putIfAbsent(tag, value) != null) {
      throw new IllegalArgumentException(
          "expected one value of %s in epoch %d, got a second".formatted(tag, epoch));
    }
  }

  @Override
  public void progress(String phase, long done, long total) {
    listener.progress(epoch, phase, done, total);
  }

  @Override
  public void note(String line) {
    listener.note(epoch, line);
  }

  @Override
  public boolean isStopped() {
    return stopped.getAsBoolean();
  }
}
