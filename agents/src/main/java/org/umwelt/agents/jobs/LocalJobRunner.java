package org.umwelt.agents.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs jobs in worker processes of this machine. */
final class LocalJobRunner implements JobRunner {
  private final List<WorkerSlot> slots;
  private volatile boolean stopped;

  LocalJobRunner(EngineOptions options) {
    WorkerCommand command = WorkerCommand.here(options.crashes());
    slots = Stream.generate(() -> new WorkerSlot(command)).limit(options.workers()).toList();
  }

  @Override
  public void run(List<KeyedJob> jobs, JobSink sink) throws IOException {
    Session session = new Session(jobs, sink);
    List<Thread> threads = new ArrayList<>();
    for (WorkerSlot slot : slots.subList(0, Math.min(slots.size(), jobs.size()))) {
      threads.add(Thread.ofPlatform().name("umwelt-worker").start(() -> session.work(slot)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException _) {
      stop();
      Thread.currentThread().interrupt();
    }
    session.rethrow();
  }

  /** One pass over some jobs. */
  private final class Session {
    private final Iterator<KeyedJob> jobs;
    private final JobSink sink;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Session(List<KeyedJob> jobs, JobSink sink) {
      this.jobs = jobs.iterator();
      this.sink = sink;
    }

    void work(WorkerSlot slot) {
      try {
        slot.run(this::next, this::finished);
      } catch (IOException | RuntimeException | Error e) {
        if (failure.compareAndSet(null, e)) {
          slots.forEach(
              WorkerSlot
                  ::stop); // nobody waits for a job in another process whose result is of no use
        }
      }
    }

    private synchronized @Nullable KeyedJob next() {
      return stopped || !jobs.hasNext() ? null : jobs.next();
    }

    private synchronized void finished(JobResult result) throws IOException {
      if (failure.get() == null) {
        sink.finished(result);
      }
    }

    void rethrow() throws IOException {
      switch (failure.get()) {
        case null -> {}
        case IOException e -> throw e;
        case UncheckedIOException e -> throw new IOException(e.getMessage(), e);
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void stop() {
    stopped = true;
    slots.forEach(WorkerSlot::stop);
  }

  @Override
  public void close() {
    slots.forEach(WorkerSlot::stop); // all at once
    slots.forEach(WorkerSlot::close);
  }
}
