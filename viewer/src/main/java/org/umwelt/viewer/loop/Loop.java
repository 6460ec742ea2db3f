package org.umwelt.viewer.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that steps one {@link Work} at a time: paused, step by step, at a speed, or as fast as
 * it goes.
 *
 * <p>Its methods return at once and may be called by any thread; what is asked for happens between
 * steps. A problem is told in one line; work that failed in a step is closed, and the loop takes
 * the next.
 */
public final class Loop implements AutoCloseable {
  /** The speed without waiting. */
  public static final double UNLIMITED = Double.POSITIVE_INFINITY;

  /** How long work may take to end before its thread is interrupted. */
  private static final long PATIENCE_MILLISECONDS = 600;

  private static final long LAST_PATIENCE_MILLISECONDS = 300;

  /** Steps that are late by more than this are not made up for. */
  private static final long MAXIMUM_LAG_NANOSECONDS = 100_000_000;

  /** Something to be done once. */
  @FunctionalInterface
  public interface Task {
    /** Does it. */
    void run() throws Exception;
  }

  /** Makes work. */
  @FunctionalInterface
  public interface Source {
    /** Makes it, on the loop's thread. */
    Work open() throws Exception;
  }

  private final Consumer<String> problems;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Task> tasks = new ArrayDeque<>();
  private boolean closed;
  private boolean playing;
  private int singleSteps;
  private volatile double speed = 1;
  private boolean busy;
  private boolean holdsWork;
  private final AtomicLong steps = new AtomicLong();

  // Of the loop's thread alone.
  private @Nullable Work work;
  private long due;
  private boolean unsettled;

  /**
   * Starts the thread, with nothing to do.
   *
   * @param name of the thread
   * @param problems told one line about everything that fails, on the loop's thread
   */
  public Loop(String name, Consumer<String> problems) {
    this.problems = problems;
    this.thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** Closes the present work and opens another. */
  public void open(Source source) {
    change(() -> {
      singleSteps = 0;
      tasks.add(() -> {
        discard();
        Work opened = source.open();
        set(opened);
        opened.settle();
      });
    });
  }

  /** Closes the present work. */
  public void clear() {
    submit(this::discard);
  }

  /** Does something between two steps. */
  public void submit(Task task) {
    change(() -> tasks.add(task));
  }

  /** Goes on stepping at the present speed. */
  public void play() {
    change(() -> {
      playing = true;
      singleSteps = 0;
    });
  }

  /** Stops stepping after the present step. */
  public void pause() {
    change(() -> {
      playing = false;
      singleSteps = 0;
    });
  }

  /** Takes one step and pauses. */
  public void step() {
    change(() -> {
      playing = false;
      singleSteps++;
    });
  }

  /**
   * Sets the speed.
   *
   * @param factor of real time, above 0; {@link #UNLIMITED} for no waiting
   */
  public void setSpeed(double factor) {
    if (!(factor > 0)) {
      throw new IllegalArgumentException("expected a speed above 0, got " + factor);
    }
    change(() -> speed = factor);
  }

  /** Returns whether the loop steps without being asked for each step. */
  public boolean isPlaying() {
    return read(() -> playing && holdsWork);
  }

  /** Returns whether there is work to step. */
  public boolean hasWork() {
    return read(() -> holdsWork);
  }

  /** Returns whether nothing will happen until something is asked for. */
  public boolean isIdle() {
    return read(() -> !busy && tasks.isEmpty() && !(holdsWork && (playing || singleSteps > 0)));
  }

  /** Returns how many steps were taken since the present work was opened. */
  public long steps() {
    return steps.get();
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean read(BooleanSupplier what) {
    lock.lock();
    try {
      return what.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (true) {
        Task next = next();
        if (next == null) {
          break;
        }
        attempt(next);
      }
    } catch (InterruptedException _) {
      // Closing took too long; what is open is closed below.
    } finally {
      attempt(this::discard);
    }
  }

  /** Waits for something to do; null at the end. */
  private @Nullable Task next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      busy = false;
      while (true) {
        if (closed) {
          return null;
        }
        Task task = tasks.poll();
        long now = System.nanoTime();
        if (task == null && holdsWork) {
          if (singleSteps > 0) {
            singleSteps--;
            task = this::takeStep;
          } else if (playing && (speed == UNLIMITED || due - now <= 0)) {
            task = this::takeStep;
          }
        }
        if (task == null && unsettled) {
          unsettled = false;
          task = this::settle;
        }
        if (task != null) {
          busy = true;
          return task;
        }
        if (holdsWork && playing) {
          changed.awaitNanos(due - now);
        } else {
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle() throws Exception {
    if (work != null) {
      work.settle();
    }
  }

  private void takeStep() throws Exception {
    Work present = work;
    if (present == null) {
      return;
    }
    boolean more;
    try {
      more = present.step();
    } catch (Exception | Error e) {
      change(() -> singleSteps = 0);
      attempt(this::discard);
      throw e;
    }
    unsettled = true;
    steps.incrementAndGet();
    if (!more) {
      pause();
    }
    double rate = present.stepsPerSecond() * speed;
    long now = System.nanoTime();
    long next = due + (rate == UNLIMITED ? 0 : (long) (1e9 / rate));
    due = now - next > MAXIMUM_LAG_NANOSECONDS ? now : next;
  }

  private void set(@Nullable Work next) {
    work = next;
    steps.set(0);
    due = System.nanoTime();
    unsettled = false;
    change(() -> holdsWork = next != null);
  }

  private void discard() throws Exception {
    Work old = work;
    set(null);
    if (old != null) {
      old.close();
    }
  }

  private void attempt(Task task) {
    try {
      task.run();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Exception | Error e) {
      problems.accept(OneLine.of(e));
    }
  }

  /** Ends the thread and what it holds; returns within a second. */
  @Override
  public void close() {
    change(() -> {
      closed = true;
      tasks.clear();
    });
    try {
      if (!thread.join(Duration.ofMillis(PATIENCE_MILLISECONDS))) {
        thread.interrupt();
        thread.join(LAST_PATIENCE_MILLISECONDS);
      }
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
