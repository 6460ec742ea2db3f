package org.umwelt.viewer.dream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.viewer.Shell;
import org.umwelt.viewer.loop.Loop;

/**
 * The thread that dreams: what is asked of it here returns at once, and what it has come to is read
 * from {@link #state}.
 */
final class Dreaming implements AutoCloseable {
  private final Shell shell;
  private final Actions actions;
  private final Loop loop;
  private final AtomicReference<@Nullable DreamState> state = new AtomicReference<>();
  private final AtomicReference<@Nullable DreamSession> opened = new AtomicReference<>();
  private final AtomicInteger asked = new AtomicInteger(); // how often something was started

  /** What is asked of a session, on its thread. */
  @FunctionalInterface
  interface Task {
    /** Does it. */
    void run(DreamSession session) throws Exception;
  }

  Dreaming(Shell shell, Actions actions) {
    this.shell = shell;
    this.actions = actions;
    this.loop = new Loop("umwelt-viewer-dream", shell::problem);
  }

  /** Returns the newest state; null before the first of what was started last. */
  @Nullable DreamState state() {
    return state.get();
  }

  /** Returns the session that is open; null where none is. */
  @Nullable DreamSession session() {
    return opened.get();
  }

  /** Returns the thread's loop. */
  Loop loop() {
    return loop;
  }

  /** Opens another dream in place of the present one, and stops before its first step. */
  void start(DreamRequest request, boolean follows) {
    int number = asked.incrementAndGet();
    state.set(null);
    shell.note(
        "opening %s, playing %d real steps ...".formatted(request.run(), request.realSteps()));
    loop.pause();
    loop.open(() -> {
      opened.set(null);
      DreamSession session =
          DreamSession.open(
              request, actions, told -> tell(number, told), () -> asked.get() != number);
      session.setFollows(follows);
      opened.set(session);
      shell.note(
          "dreaming of %s, from real step %d on".formatted(request.run(), request.realSteps()));
      return session;
    });
  }

  private void tell(int number, DreamState told) {
    if (asked.get() == number) {
      state.set(told);
    }
  }

  /** Does what settings of the room ask for once a dream has begun. */
  void follow(Settings script) {
    int steps = script.intValue("steps");
    int from = script.intValue("from");
    ask(session -> {
      boolean more = true;
      for (int t = 0; t < steps && more; t++) {
        more = session.step();
      }
      if (from >= 0) {
        session.imagine(from, script.intValue("futures"), script.intValue("horizon"));
      }
      if (script.bool("branch")) {
        session.branch();
      }
    });
    if (script.bool("play")) {
      loop.play();
    }
  }

  /** Asks something of the session, between two steps; nothing where none is open. */
  void ask(Task task) {
    loop.submit(() -> {
      DreamSession session = opened.get();
      if (session != null && !session.isClosed()) {
        task.run(session);
      }
    });
  }

  /** Returns whether there is no dream, and none is being opened; which is told. */
  boolean refuses() {
    boolean nothing = !loop.hasWork() && loop.isIdle();
    if (nothing) {
      shell.problem("nothing is dreamt yet: choose a run and press Start");
    }
    return nothing;
  }

  @Override
  public void close() {
    asked.incrementAndGet();
    loop.close();
  }
}
