package org.umwelt.kernels.backend;

/** Runs kernels. Used by one thread at a time. */
public interface Backend extends AutoCloseable {
  /** Returns its name, for results: {@code cpu} or {@code tornado}. */
  String name();

  /** Returns what it runs on, for results. */
  String device();

  /** Makes calls ready to run. */
  Launch prepare(Call... calls);

  /** Runs calls once. */
  default void run(Call... calls) {
    try (Launch launch = prepare(calls)) {
      launch.run();
    }
  }

  @Override
  void close();
}
