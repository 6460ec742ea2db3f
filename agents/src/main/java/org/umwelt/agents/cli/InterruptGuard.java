package org.umwelt.agents.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a clean stop: while open, the process does not end before the work
 * was asked to stop and this guard was closed, or patience ran out.
 */
final class InterruptGuard implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private Runnable stop = () -> {};
  private boolean interrupted;

  InterruptGuard() {
    hook = Thread.ofPlatform().name("umwelt-interrupt").unstarted(this::stopAndWait);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Names what asks the work to stop; an interrupt that came before asks at once. */
  synchronized void onInterrupt(Runnable stop) {
    this.stop = stop;
    if (interrupted) {
      stop.run();
    }
  }

  private synchronized void askToStop() {
    interrupted = true;
    stop.run();
  }

  private void stopAndWait() {
    askToStop();
    try {
      closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending: the hook runs already.
    }
  }
}
