package org.umwelt.kernels.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that runs {@code body(0..count-1)} together with the caller and allocates
 * nothing per run.
 *
 * <p>Indices are claimed one by one, so uneven items balance out. Helpers spin briefly, then park:
 * an idle team costs no CPU. One run at a time; {@link #run} may be called from any one thread at
 * once.
 */
public final class WorkerTeam implements AutoCloseable {
  private static final int SPINS = 200;

  private final Thread[] helpers;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean closed;
  private volatile @Nullable Thread caller;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable IntConsumer body;
  private volatile int count;

  /**
   * Starts the team.
   *
   * @param threads how many threads work on a run, the caller included; at least 1
   */
  public WorkerTeam(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("expected at least 1 thread, got " + threads);
    }
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      helpers[i] = Thread.ofPlatform().daemon().name("umwelt-worker-" + i).unstarted(this::serve);
    }
    for (Thread helper : helpers) {
      helper.start();
    }
  }

  /** Returns how many threads work on a run, the caller included. */
  public int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs the body once for every index and returns when all are done.
   *
   * @throws IllegalStateException if the team is closed; what a body throws is thrown here, after
   *     all helpers have stopped
   */
  public void run(int count, IntConsumer body) {
    if (closed) {
      throw new IllegalStateException("the worker team is closed");
    }
    if (helpers.length == 0 || count == 1) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    failure = null;
    this.body = body;
    this.count = count;
    caller = Thread.currentThread();
    next.set(0);
    unfinished.set(helpers.length);
    generation.incrementAndGet(); // publishes all of the above
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
    work(body, count);
    for (int spin = 0; unfinished.get() != 0; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
    caller = null;
    this.body = null;
    switch (failure) {
      case null -> {}
      case RuntimeException thrown -> throw thrown;
      case Error thrown -> throw thrown;
      case Throwable thrown -> throw new IllegalStateException(thrown);
    }
  }

  private void work(IntConsumer body, int count) {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        body.accept(i);
      }
    } catch (Throwable thrown) {
      failure = thrown;
      next.set(count);
    }
  }

  private void serve() {
    int seen = 0;
    while (true) {
      for (int spin = 0; generation.get() == seen && !closed; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = generation.get();
      IntConsumer current = body;
      if (current != null) {
        work(current, count);
      }
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
