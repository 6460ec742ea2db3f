package org.umwelt.agents.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;
import org.jspecify.annotations.Nullable;

/**
 * Cancels the jobs of an application to which a stand-alone cluster has given no executor for too
 * long. Spark itself waits without end.
 */
final class ExecutorWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final SparkContext spark;
  private final Duration patience;
  private final Thread thread;
  private volatile boolean seen;
  private volatile boolean closed;
  private volatile @Nullable IOException failure;

  /**
   * Starts to watch.
   *
   * @param patience how long it may be that there is no executor
   */
  ExecutorWatch(SparkContext spark, Duration patience) {
    this.spark = spark;
    this.patience = patience;
    thread = Thread.ofPlatform().daemon().name("umwelt-executors").start(this::watch);
  }

  private void watch() {
    long last = System.nanoTime();
    while (!closed && !spark.isStopped()) {
      if (hasExecutor()) {
        seen = true;
        last = System.nanoTime();
      } else if (System.nanoTime() - last > patience.toNanos()) {
        failure =
            new IOException(
                "the Spark master %s has given no executor for %d s; are there workers with free cores and memory?"
                    .formatted(spark.master(), patience.toSeconds()));
        spark.cancelAllJobs();
        return;
      }
      if (!sleep()) {
        return;
      }
    }
  }

  private boolean hasExecutor() {
    // The driver counts as one; without a cluster it is the executor.
    return spark.isLocal() || spark.getExecutorMemoryStatus().size() > 1;
  }

  private static boolean sleep() {
    try {
      Thread.sleep(POLL);
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Waits for the first executor.
   *
   * @param stopped whether nobody needs it any more
   * @throws IOException where none came in time
   */
  void awaitFirst(BooleanSupplier stopped) throws IOException {
    while (!seen && thread.isAlive() && !stopped.getAsBoolean() && sleep()) {
      // Looks again.
    }
    rethrow();
  }

  /**
   * Says why jobs were cancelled.
   *
   * @throws IOException where this watch has cancelled them
   */
  void rethrow() throws IOException {
    IOException thrown = failure;
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
