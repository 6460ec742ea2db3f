package org.umwelt.agents.jobs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A worker process, seen by whoever started it. Used by one thread, but for {@link #end} and {@link
 * #close}.
 */
final class WorkerProcess implements AutoCloseable {
  private static final int TAIL_LINES = 12;

  /**
   * What a JVM that crashes says of signal, place and report; its other lines also start with #.
   */
  private static final Pattern CRASH =
      Pattern.compile("#\\s*(.*(?:SIG[A-Z]+ \\(|\\[.*\\+0x|\\.log\\b).*)");

  private static final int END_SECONDS = 10;
  private static final int PATIENCE_SECONDS = 3;

  private final Process process;
  private final OutputStream in;
  private final BufferedReader out;
  private final Deque<String> tail = new ArrayDeque<>();
  private final Thread errors;

  /**
   * Starts a process; it is ready when this returns.
   *
   * @throws IOException where it cannot be started, or ends before it is ready
   */
  WorkerProcess(WorkerCommand command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command.words());
    if (Files.isDirectory(command.folder())) {
      builder.directory(command.folder().toFile());
    }
    builder.environment().putIfAbsent("OMP_NUM_THREADS", "1");
    process = builder.start();
    in = process.getOutputStream();
    out = process.inputReader(StandardCharsets.UTF_8);
    errors = Thread.ofVirtual().start(this::readErrors);
    try {
      String first = line();
      if (!first.equals(JobWorker.READY)) {
        throw new WorkerLostException("said " + first);
      }
    } catch (WorkerLostException e) {
      close();
      throw new IOException("worker processes do not start: " + e.getMessage(), e);
    }
  }

  /** Hands over a job, to be played when those before it are. */
  void send(KeyedJob job) throws WorkerLostException {
    try {
      in.write((job.toLine() + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException _) {
      throw lost();
    }
  }

  /** Waits for the next result. */
  JobResult receive() throws WorkerLostException {
    String line = line();
    return JobResult.fromLine(line)
        .orElseThrow(() -> new WorkerLostException("its worker process said " + line));
  }

  private String line() throws WorkerLostException {
    try {
      for (@Nullable String line = out.readLine(); line != null; line = out.readLine()) {
        int mark = line.lastIndexOf(JobWorker.MARK);
        if (mark >= 0) {
          return line.substring(mark + 1);
        }
        keep(line);
      }
    } catch (IOException _) {
      // The process was ended: as the end of its output.
    }
    throw lost();
  }

  private void readErrors() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line);
      }
    } catch (IOException _) {
      // The process was ended.
    }
  }

  private void keep(String line) {
    Matcher report = CRASH.matcher(line);
    if (line.startsWith("#") && !report.matches()) {
      return;
    }
    synchronized (tail) {
      tail.add(report.matches() ? report.group(1) : line);
      if (tail.size() > TAIL_LINES) {
        tail.remove();
      }
    }
  }

  private WorkerLostException lost() {
    String how = "its worker process was lost";
    try {
      if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        errors.join();
        how = "its worker process ended (exit code %d)".formatted(process.exitValue());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    synchronized (tail) {
      return new WorkerLostException(
          tail.isEmpty() ? how : how + "; its last words: " + String.join(" | ", tail));
    }
  }

  /** Asks the process to end, which it does in order where it has no job in hand. */
  void end() {
    try {
      in.close();
    } catch (IOException _) {
      // It has ended.
    }
  }

  /** Kills the process where it does not end when asked. */
  @Override
  public void close() {
    end();
    try {
      process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
