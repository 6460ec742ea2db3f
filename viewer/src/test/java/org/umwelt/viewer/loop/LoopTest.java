package org.umwelt.viewer.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.umwelt.kernels.settings.BadRequestException;

@Timeout(30)
final class LoopTest {
  private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final Loop loop = new Loop("test-loop", problems::add);

  @AfterEach
  void close() {
    loop.close();
  }

  /** Counts to a number, then has no more. */
  private final class Counting implements Work {
    private final int end;
    private int count;

    Counting(int end) {
      this.end = end;
    }

    @Override
    public boolean step() {
      count++;
      events.add("step " + count);
      return count < end;
    }

    @Override
    public double stepsPerSecond() {
      return 1e6;
    }

    @Override
    public void settle() {
      events.add("settle " + count);
    }

    @Override
    public void close() {
      events.add("close");
    }
  }

  private void awaitIdle() throws InterruptedException {
    while (!loop.isIdle()) {
      Thread.sleep(1);
    }
  }

  @Test
  void stepTakesOneStepSettlesAndWaits() throws InterruptedException {
    loop.open(() -> new Counting(10));
    awaitIdle();
    loop.step();
    awaitIdle();
    loop.step();
    awaitIdle();
    assertThat(events).containsExactly("settle 0", "step 1", "settle 1", "step 2", "settle 2");
    assertThat(loop.steps()).isEqualTo(2);
    assertThat(loop.isPlaying()).isFalse();
  }

  @Test
  void playGoesOnToTheEndOfTheWorkAndPauses() throws InterruptedException {
    loop.setSpeed(Loop.UNLIMITED);
    loop.open(() -> new Counting(100));
    loop.play();
    awaitIdle();
    assertThat(loop.steps()).isEqualTo(100);
    assertThat(loop.isPlaying()).isFalse();
    assertThat(events).last().isEqualTo("settle 100");
  }

  @Test
  void openClosesTheWorkBefore() throws InterruptedException {
    loop.open(() -> new Counting(1));
    loop.open(() -> new Counting(1));
    awaitIdle();
    assertThat(events).containsExactly("settle 0", "close", "settle 0");
  }

  @Test
  void workThatFailsIsClosedAndToldInOneLineAndTheLoopLivesOn() throws InterruptedException {
    loop.open(() ->
        new Work() {
          @Override
          public boolean step() {
            throw new IllegalStateException("the rotor\n fell off");
          }

          @Override
          public double stepsPerSecond() {
            return 1;
          }

          @Override
          public void close() {
            events.add("close");
          }
        });
    loop.step();
    assertThat(problems.poll(10, TimeUnit.SECONDS))
        .isEqualTo("IllegalStateException: the rotor fell off");
    awaitIdle();
    assertThat(events).containsExactly("close");
    assertThat(loop.hasWork()).isFalse();
    loop.open(() -> new Counting(3));
    loop.step();
    awaitIdle();
    assertThat(loop.steps()).isEqualTo(1);
  }

  @Test
  void aRefusedRequestIsToldInItsOwnWords() throws InterruptedException {
    loop.open(() -> {
      throw new BadRequestException("expected a game, got nothing");
    });
    assertThat(problems.poll(10, TimeUnit.SECONDS)).isEqualTo("expected a game, got nothing");
  }

  @Test
  void closeEndsAThreadThatIsStuckInAStep() throws InterruptedException {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    loop.open(() ->
        new Work() {
          @Override
          public boolean step() throws InterruptedException {
            stuck.countDown();
            new CountDownLatch(1).await();
            return true;
          }

          @Override
          public double stepsPerSecond() {
            return 1;
          }

          @Override
          public void close() {
            ended.countDown();
          }
        });
    loop.step();
    stuck.await();
    loop.close();
    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("test-loop");
  }
}
