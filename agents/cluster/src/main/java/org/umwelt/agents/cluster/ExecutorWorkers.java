package org.umwelt.agents.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.jobs.JobSink;
import org.umwelt.agents.jobs.KeyedJob;
import org.umwelt.agents.jobs.WorkerCommand;
import org.umwelt.agents.jobs.WorkerSlot;

/**
 * The worker processes of one executor: as many as it has batches at once. They stay for the next
 * batch and end with the executor.
 */
final class ExecutorWorkers {
  private static final Deque<WorkerSlot> IDLE = new ArrayDeque<>();
  private static final Set<WorkerSlot> ALL = new HashSet<>();

  private ExecutorWorkers() {}

  /** Plays jobs in a process that is idle, or in a new one. */
  static void play(
      List<String> flags,
      List<String> jars,
      boolean sent,
      String folder,
      List<KeyedJob> jobs,
      JobSink sink)
      throws IOException {
    Deque<KeyedJob> open = new ArrayDeque<>(jobs);
    WorkerSlot slot = take(flags, jars, sent, folder);
    try {
      slot.run(open::poll, sink);
    } catch (IOException | RuntimeException | Error e) {
      drop(slot); // what it was sent may still come
      throw e;
    }
    giveBack(slot);
  }

  private static synchronized WorkerSlot take(
      List<String> flags, List<String> jars, boolean sent, String folder) {
    @Nullable WorkerSlot idle = IDLE.poll();
    if (idle != null) {
      return idle;
    }
    String classPath =
        jars.stream()
            .map(jar -> sent ? SparkFiles.get(jar) : jar)
            .collect(Collectors.joining(File.pathSeparator));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    WorkerSlot slot = new WorkerSlot(new WorkerCommand(java, flags, classPath, Path.of(folder)));
    ALL.add(slot);
    return slot;
  }

  private static synchronized void giveBack(WorkerSlot slot) {
    if (ALL.contains(slot)) {
      IDLE.add(slot);
    }
  }

  private static void drop(WorkerSlot slot) {
    synchronized (ExecutorWorkers.class) {
      ALL.remove(slot);
    }
    slot.close();
  }

  /** Ends every process, where executors are in this JVM. */
  static synchronized void close() {
    ALL.forEach(WorkerSlot::stop); // all at once
    ALL.forEach(WorkerSlot::close);
    ALL.clear();
    IDLE.clear();
  }
}
