package org.umwelt.kernels.bench;

import java.util.List;
import java.util.function.Consumer;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;

/**
 * Measures speed against a named peer: what {@code umwelt bench NAME} runs.
 *
 * <p>Any module offers its own through {@link java.util.ServiceLoader}. Sides are interleaved
 * within one run, and the figure is a ratio of medians over at least five rounds.
 */
public interface Benchmark {
  /** Returns the name on the command line. */
  String name();

  /** Returns what is measured against what, in one line. */
  String summary();

  /** Returns the {@code key=value} settings it takes. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * Measures.
   *
   * @param progress told what is being done, one line at a time
   * @throws org.umwelt.kernels.settings.BadRequestException where something it needs is not there
   */
  List<Measurement> run(Settings settings, Consumer<String> progress);
}
