package org.umwelt.envs;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Heap bytes that code allocates in steady state, in this thread and in worker threads. */
public final class AllocatedBytes {
  private static final int ROUNDS = 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private AllocatedBytes() {}

  /**
   * Returns the fewest bytes that one of several rounds allocated: what is left once the compiler
   * has caught up.
   */
  public static long perRound(Runnable round) {
    long[] watched =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread ->
                thread == Thread.currentThread() || thread.getName().startsWith("umwelt-worker"))
            .mapToLong(Thread::threadId)
            .toArray();
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS && fewest > 0; i++) {
      // The query allocates its own result in this thread.
      long query = measure(watched, () -> {});
      fewest = Math.min(fewest, measure(watched, round) - query);
    }
    return fewest;
  }

  private static long measure(long[] watched, Runnable round) {
    long[] before = THREADS.getThreadAllocatedBytes(watched);
    round.run();
    long[] after = THREADS.getThreadAllocatedBytes(watched);
    long bytes = 0;
    for (int i = 0; i < watched.length; i++) {
      if (before[i] >= 0 && after[i] >= 0) { // -1: left by an earlier test, and gone
        bytes += after[i] - before[i];
      }
    }
    return bytes;
  }
}
