package org.umwelt.kernels.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that runs {@code body(0..count-1)} together with the caller and allocates
 * nothing per run.
 *
 * <p>Indices are claimed one by one, so uneven items balance out, and a run never waits for a
 * helper that has claimed nothing. Helpers spin briefly, then park: an idle team costs no CPU. One
 * run at a time; {@link #run} may be called from any one thread at once.
 */
public final class WorkerTeam implements AutoCloseable {
  /**
   * How often a waiting thread looks again before it parks, some tens of microseconds in all:
   * waking a parked thread costs about as much.
   */
  private static final int SPINS = 2000;

  private final Thread[] helpers;

  /** The number of the run in the upper half, the next index to claim in the lower. */
  private final AtomicLong tickets = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
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
   * @throws IllegalStateException if the team is closed, or in the middle of another run, as where
   *     a body runs something on the team that runs it; what a body throws is thrown here, once no
   *     index is being worked on any more; the indices not yet claimed are left out
   */
  public void run(int count, IntConsumer body) {
    if (closed) {
      throw new IllegalStateException("the worker team is closed");
    }
    if (helpers.length == 0 || count <= 1) {
      for (int i = 0; i < count; i++) {
        body.accept(i);
      }
      return;
    }
    if (caller != null) {
      throw new IllegalStateException(
          "expected one run of a worker team at a time, this one is in the middle of another; give what runs on its threads a team of its own");
    }
    int run = runOf(tickets.get()) + 1;
    failure = null;
    this.body = body;
    this.count = count;
    caller = Thread.currentThread();
    unfinished.set(count);
    tickets.set((long) run << Integer.SIZE); // publishes all of the above
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
    work(run, body, count);
    for (int spin = 0; unfinished.get() != 0; spin++) {
      pause(spin);
    }
    // A helper that wakes only now must find nothing to claim, whatever count it reads.
    tickets.set((long) run << Integer.SIZE | Integer.MAX_VALUE);
    caller = null;
    this.body = null;
    switch (failure) {
      case null -> {}
      case RuntimeException thrown -> throw thrown;
      case Error thrown -> throw thrown;
      case Throwable thrown ->
          throw new IllegalStateException(thrown); // checked, thrown on the sly
    }
  }

  private void pause(int spin) {
    if (spin < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.park(this);
    }
  }

  private static int runOf(long ticket) {
    return (int) (ticket >>> Integer.SIZE);
  }

  private void work(int run, IntConsumer body, int count) {
    for (long ticket = tickets.get();
        runOf(ticket) == run && (int) ticket < count;
        ticket = tickets.get()) {
      if (!tickets.compareAndSet(ticket, ticket + 1)) {
        continue;
      }
      if (failure == null) {
        try {
          body.accept((int) ticket);
        } catch (Throwable thrown) {
          failure = thrown;
        }
      }
      if (unfinished.decrementAndGet() == 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private void serve() {
    int seen = 0;
    while (true) {
      for (int spin = 0; runOf(tickets.get()) == seen && !closed; spin++) {
        pause(spin);
      }
      if (closed) {
        return;
      }
      seen = runOf(tickets.get());
      IntConsumer current = body;
      if (current != null) {
        work(seen, current, count);
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
