package org.umwelt.kernels.backend;

/** Calls ready to run, compiled where that is needed. */
public interface Launch extends AutoCloseable {
  /** Runs the calls in order, on what the arrays hold now; returns when the results are there. */
  void run();

  @Override
  void close();
}
