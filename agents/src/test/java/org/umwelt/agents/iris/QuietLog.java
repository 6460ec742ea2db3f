package org.umwelt.agents.iris;

import java.util.LinkedHashMap;
import java.util.Map;
import org.umwelt.agents.training.EpochLog;
import org.umwelt.envs.Frame;

/** Keeps scalars and forgets the rest. */
final class QuietLog implements EpochLog {
  final Map<String, Double> scalars = new LinkedHashMap<>();

  @Override
  public void scalar(String tag, double value) {
    scalars.put(tag, value);
  }

  @Override
  public void image(String tag, Frame frame) {}

  @Override
  public void progress(String phase, long done, long total) {}

  @Override
  public void note(String line) {}

  @Override
  public boolean isStopped() {
    return false;
  }
}
