package org.umwelt.agents.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import org.umwelt.agents.jobs.KeyedJob;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** What an executor does with the jobs of one partition: lines of jobs in, lines of results out. */
final class Batch extends AbstractFunction2<TaskContext, Iterator<String>, String[]>
    implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] flags;
  private final String[] jars;
  private final boolean sent;
  private final String folder;

  /**
   * Describes the worker processes.
   *
   * @param flags of their JVMs
   * @param jars their class path: paths, or names where they are sent
   * @param sent whether Spark sends the jars
   * @param folder their working directory, where it is there
   */
  Batch(List<String> flags, List<String> jars, boolean sent, String folder) {
    this.flags = flags.toArray(String[]::new);
    this.jars = jars.toArray(String[]::new);
    this.sent = sent;
    this.folder = folder;
  }

  @Override
  public String[] apply(TaskContext context, Iterator<String> lines) {
    List<KeyedJob> jobs = new ArrayList<>();
    while (lines.hasNext()) {
      jobs.add(KeyedJob.fromLine(lines.next()));
    }
    List<String> results = new ArrayList<>();
    try {
      ExecutorWorkers.play(
          List.of(flags),
          List.of(jars),
          sent,
          folder,
          jobs,
          result -> results.add(result.toLine()));
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
    if (results.size() < jobs.size()) {
      throw new IllegalStateException("the executor was asked to stop");
    }
    return results.toArray(String[]::new);
  }
}
