package org.umwelt.agents.jobs;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The program of a worker process: plays the jobs that come on stdin, in order.
 *
 * <p>In: one job per line. Out, on stdout: one line when ready, then one line per result, each
 * behind {@link #MARK}, so that whatever native code prints there is told apart. At the end of
 * stdin the process ends in order where it has no job in hand, and soon where it has: whoever asked
 * is gone.
 */
public final class JobWorker {
  /** Stands before every line for whoever started the process. */
  static final char MARK = '\u001e';

  /** The first line. */
  static final String READY = "ready";

  private static final long GRACE_MILLIS = 1000;

  private JobWorker() {}

  /** Plays jobs until stdin ends. */
  public static void main(String[] args) throws IOException, InterruptedException {
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("umwelt-jobs").start(() -> read(lines));
    say(out, READY);
    try (JobPlayer player = new JobPlayer()) {
      for (Optional<String> line = lines.take(); line.isPresent(); line = lines.take()) {
        say(out, player.play(KeyedJob.fromLine(line.get())).toLine());
      }
    }
  }

  private static void read(BlockingQueue<Optional<String>> lines) {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(Optional.of(line));
      }
    } catch (IOException _) {
      // As the end of stdin.
    }
    lines.clear();
    lines.add(Optional.empty());
    try {
      Thread.sleep(GRACE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }

  /** Writes a line at once, so that nothing of this process can come between. */
  private static void say(OutputStream out, String line) throws IOException {
    out.write((MARK + line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
