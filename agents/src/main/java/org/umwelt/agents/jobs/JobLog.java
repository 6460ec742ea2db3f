package org.umwelt.agents.jobs;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.umwelt.agents.runs.MetricsLog;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The file of results, one per line, that grows at its end; see the package page.
 *
 * <p>A result survives the death of the process when {@link #append} returns, and that of the
 * machine within a second. Only the keys are held in memory. Thread-safe.
 */
public final class JobLog implements Closeable {
  /** Its name in a run folder. */
  public static final String NAME = "jobs.jsonl";

  private final Path file;
  private final MetricsLog lines;
  private final Set<JobKey> finished = new HashSet<>();
  private int damaged;

  private JobLog(Path file, MetricsLog lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * Opens a log, creating it where it is absent and cutting off a last line that a crash left
   * incomplete.
   *
   * @throws BadRequestException where another process writes it
   */
  public static JobLog open(Path file) throws IOException {
    JobLog log = new JobLog(file, MetricsLog.open(file));
    try {
      log.damaged = read(file, result -> log.finished.add(result.key()));
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /** Adds a result; one whose key is there with episodes already is left out. */
  public synchronized void append(JobResult result) throws IOException {
    if (finished.contains(result.key())) {
      return;
    }
    lines.appendLine(result.toLine());
    if (!result.isFailed()) {
      finished.add(result.key());
    }
  }

  /** Returns whether a job has its episodes. */
  public synchronized boolean isFinished(JobKey key) {
    return finished.contains(key);
  }

  /** Returns how many jobs have their episodes, whoever asks for them. */
  public synchronized int finished() {
    return finished.size();
  }

  /** Returns how many lines were damaged when the log was opened. */
  public int damaged() {
    return damaged;
  }

  /**
   * Hands every job that has its episodes to the reader, once each, in the order of the file.
   *
   * @return how many lines are damaged
   */
  public int read(Consumer<JobResult> reader) throws IOException {
    return read(file, reader);
  }

  /**
   * Looks whether there is a log.
   *
   * @throws BadRequestException where there is none
   */
  public static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw new BadRequestException("expected results of a suite in %s".formatted(file));
    }
  }

  /**
   * Reads a log somebody else may be writing, as {@link #read(Consumer)}.
   *
   * @throws BadRequestException where there is none
   */
  public static int read(Path file, Consumer<JobResult> reader) throws IOException {
    requireReadable(file);
    int damaged = 0;
    Set<JobKey> seen = new HashSet<>();
    // Not Files.newBufferedReader, which throws on bytes that are no UTF-8: they only fail the
    // checksum.
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        Optional<JobResult> result = JobResult.fromLine(line);
        if (result.isEmpty()) {
          damaged++;
        } else if (!result.get().isFailed() && seen.add(result.get().key())) {
          reader.accept(result.get());
        }
      }
    }
    return damaged;
  }

  /** Makes every result durable. */
  public void force() throws IOException {
    lines.force();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
