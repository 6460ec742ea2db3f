package org.umwelt.agents.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.umwelt.agents.evaluation.EpisodeResult;
import org.umwelt.kernels.settings.BadRequestException;

class JobLogTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve(JobLog.NAME);
  }

  private static JobResult result(int seed) {
    Job job = new Job("random", "test/Walk-v0", seed, 0, 1);
    EpisodeResult episode = new EpisodeResult(0, 9L * seed, 0.1 * seed, 7, true, false, 28);
    return new JobResult(JobKey.of(job, "", "", "code"), job, List.of(episode), "", 0.25);
  }

  private static JobResult failed(int seed) {
    JobResult done = result(seed);
    return JobResult.failed(new KeyedJob(done.key(), done.job()), "it\nfell", 0.5);
  }

  private void write(JobResult... results) throws IOException {
    try (JobLog log = JobLog.open(file)) {
      for (JobResult result : results) {
        log.append(result);
      }
    }
  }

  private List<JobResult> read() throws IOException {
    List<JobResult> results = new ArrayList<>();
    JobLog.read(file, results::add);
    return results;
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    write(result(1), result(2));
    assertThat(read()).containsExactly(result(1), result(2));
    assertThat(JobResult.fromLine(failed(3).toLine())).contains(failed(3));
    assertThat(failed(3).error()).isEqualTo("it fell");
  }

  @Test
  void aTornLastLineIsCutOffAndItsJobIsOpen() throws IOException {
    write(result(1), result(2));
    byte[] whole = Files.readAllBytes(file);
    int first = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
    for (int end = first; end < whole.length; end++) {
      Files.write(file, java.util.Arrays.copyOf(whole, end));
      try (JobLog log = JobLog.open(file)) {
        assertThat(log.isFinished(result(1).key())).isTrue();
        assertThat(log.isFinished(result(2).key())).isFalse();
        assertThat(log.damaged()).isZero();
        log.append(result(2));
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }
  }

  @Test
  void everyDamagedByteCostsItsLineAlone() throws IOException {
    write(result(1), result(2), result(3));
    byte[] whole = Files.readAllBytes(file);
    int from = new String(whole, StandardCharsets.UTF_8).indexOf('\n') + 1;
    int to = new String(whole, StandardCharsets.UTF_8).indexOf('\n', from);
    for (int at = from; at < to; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) 0x80;
      Files.write(file, damaged);
      try (JobLog log = JobLog.open(file)) {
        assertThat(log.damaged()).isEqualTo(1);
      }
      assertThat(read()).containsExactly(result(1), result(3));
    }
  }

  @Test
  void aKeyCountsOnceAndAFailureNotAtAll() throws IOException {
    write(failed(1), result(2), result(2), result(1), failed(2));
    assertThat(read()).containsExactly(result(2), result(1));
  }

  @Test
  void logsAreMergedByJoiningTheFiles() throws IOException {
    write(result(1), result(2));
    Path other = folder.resolve("other.jsonl");
    try (JobLog log = JobLog.open(other)) {
      log.append(result(2));
      log.append(result(3));
    }
    Files.write(file, Files.readAllBytes(other), StandardOpenOption.APPEND);
    assertThat(read()).containsExactly(result(1), result(2), result(3));
  }

  @Test
  void oneProcessWritesAtATime() throws IOException {
    try (JobLog log = JobLog.open(file)) {
      log.append(result(1));
      assertThatThrownBy(() -> JobLog.open(file))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("another process is writing");
    }
  }
}
