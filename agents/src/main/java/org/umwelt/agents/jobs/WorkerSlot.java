package org.umwelt.agents.jobs;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of one worker process, which is replaced when it ends.
 *
 * <p>A process plays its jobs in order, so the job it had in hand when it ended is the first
 * without a result. That job begins again in the next process, up to {@value #DEATHS} times.
 */
public final class WorkerSlot implements AutoCloseable {
  /** After how many processes a job is given up. */
  static final int DEATHS = 3;

  /** Jobs that wait in the process, so that it never waits for them. */
  private static final int WINDOW = 8;

  /** A job that takes longer is worth no waiting ones, which another process could play. */
  private static final double SHORT_SECONDS = 0.05;

  private final WorkerCommand command;
  private final Deque<KeyedJob> sent = new ArrayDeque<>();
  private final Deque<KeyedJob> again = new ArrayDeque<>();
  private final Map<JobKey, Integer> deaths = new HashMap<>();
  private double lastSeconds = Double.POSITIVE_INFINITY;
  private volatile @Nullable WorkerProcess process;
  private volatile boolean closed;

  /** Prepares a place; the process starts with the first job. */
  public WorkerSlot(WorkerCommand command) {
    this.command = command;
  }

  /**
   * Plays jobs until there are none, or this is closed.
   *
   * @param jobs gives the next job, null where there is none
   * @param sink receives the results
   * @throws IOException where the sink throws it, or processes do not start
   */
  public void run(Supplier<@Nullable KeyedJob> jobs, JobSink sink) throws IOException {
    while (!closed) {
      try {
        fill(jobs);
        if (sent.isEmpty()) {
          return;
        }
        JobResult result = process().receive();
        sent.remove();
        deaths.remove(result.key());
        lastSeconds = result.seconds();
        sink.finished(result);
      } catch (WorkerLostException e) {
        replace(e.getMessage(), sink);
      }
    }
  }

  private void fill(Supplier<@Nullable KeyedJob> jobs) throws IOException, WorkerLostException {
    int window = lastSeconds < SHORT_SECONDS ? WINDOW : 1;
    while (sent.size() < window) {
      KeyedJob job = again.isEmpty() ? jobs.get() : again.remove();
      if (job == null) {
        return;
      }
      sent.add(job);
      process().send(job);
    }
  }

  private WorkerProcess process() throws IOException {
    WorkerProcess current = process;
    if (current == null) {
      current = new WorkerProcess(command);
      process = current;
      if (closed) {
        current.close();
      }
    }
    return current;
  }

  private void replace(@Nullable String reason, JobSink sink) throws IOException {
    end();
    KeyedJob suspect = sent.poll();
    sent.descendingIterator().forEachRemaining(again::addFirst);
    sent.clear();
    lastSeconds = Double.POSITIVE_INFINITY;
    if (suspect == null || closed) {
      return;
    }
    if (deaths.merge(suspect.key(), 1, Integer::sum) < DEATHS) {
      again.addFirst(suspect);
    } else {
      deaths.remove(suspect.key());
      sink.finished(
          JobResult.failed(
              suspect, "given up after %d processes: %s".formatted(DEATHS, reason), 0));
    }
  }

  private void end() {
    WorkerProcess current = process;
    process = null;
    if (current != null) {
      current.close();
    }
  }

  /** Makes {@link #run} return soon, and asks the process to end. */
  public void stop() {
    closed = true;
    WorkerProcess current = process;
    if (current != null) {
      current.end();
    }
  }

  /** Does as {@link #stop}, and waits until the process has ended. */
  @Override
  public void close() {
    stop();
    WorkerProcess current = process;
    if (current != null) {
      current.close();
    }
  }
}
