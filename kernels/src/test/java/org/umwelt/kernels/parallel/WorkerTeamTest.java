package org.umwelt.kernels.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerTeamTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void everyIndexRunsExactlyOncePerRun(int threads) {
    try (WorkerTeam team = new WorkerTeam(threads)) {
      assertThat(team.threads()).isEqualTo(threads);
      for (int run = 0; run < 2000; run++) {
        int count = run % 17;
        AtomicIntegerArray calls = new AtomicIntegerArray(17);
        team.run(count, calls::getAndIncrement);
        assertThat(IntStream.range(0, 17).map(calls::get))
            .containsExactlyElementsOf(
                IntStream.range(0, 17).map(i -> i < count ? 1 : 0).boxed().toList());
      }
    }
  }

  @Test
  void allThreadsOfTheTeamTakePart() {
    int threads = 3;
    CyclicBarrier meeting = new CyclicBarrier(threads);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    try (WorkerTeam team = new WorkerTeam(threads)) {
      // Each index waits for the two others, so one thread alone could not finish.
      team.run(
          threads,
          _ -> {
            seen.add(Thread.currentThread());
            try {
              meeting.await();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }

    assertThat(seen).hasSize(threads).contains(Thread.currentThread());
  }

  @Test
  void writesOfTheBodyAreVisibleAfterTheRun() {
    int[] plain = new int[64];
    try (WorkerTeam team = new WorkerTeam(2)) {
      for (int run = 1; run <= 1000; run++) {
        int value = run;
        team.run(plain.length, i -> plain[i] = value);
        assertThat(plain).containsOnly(value);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void whatABodyThrowsIsThrownAndTheTeamGoesOn(int threads) {
    try (WorkerTeam team = new WorkerTeam(threads)) {
      assertThatThrownBy(() ->
              team.run(
                  8,
                  i -> {
                    if (i == 5) {
                      throw new IllegalStateException("five");
                    }
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("five");

      AtomicIntegerArray calls = new AtomicIntegerArray(8);
      team.run(8, calls::getAndIncrement);
      assertThat(IntStream.range(0, 8).map(calls::get)).containsOnly(1);
    }
  }

  @Test
  void aClosedTeamRefusesToRun() {
    WorkerTeam team = new WorkerTeam(2);
    team.close();
    team.close();

    assertThatThrownBy(() -> team.run(1, _ -> {})).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTeamWithoutThreadsIsRefused() {
    assertThatThrownBy(() -> new WorkerTeam(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 0");
  }

  @Test
  void aRunInsideAnotherIsRefused() {
    try (WorkerTeam team = new WorkerTeam(2)) {
      assertThatThrownBy(() -> team.run(4, _ -> team.run(4, _ -> {})))
          .hasMessageContaining("one run of a worker team at a time");
      AtomicInteger runs = new AtomicInteger();
      team.run(4, _ -> runs.incrementAndGet());
      assertThat(runs.get()).isEqualTo(4);
    }
  }
}
