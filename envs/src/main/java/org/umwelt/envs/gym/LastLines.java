package org.umwelt.envs.gym;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Reads all that a process writes, so that it never waits, and keeps the end of it. */
final class LastLines {
  private static final int KEPT_BYTES = 1 << 14;
  private static final int KEPT_LINES = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final byte[] ring = new byte[KEPT_BYTES];
  private final Thread thread;
  private long written;

  LastLines(InputStream stream) {
    thread = Thread.ofPlatform().daemon().name("umwelt-gym-output").start(() -> readAll(stream));
  }

  private void readAll(InputStream stream) {
    byte[] buffer = new byte[KEPT_BYTES];
    try {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        keep(buffer, count);
      }
    } catch (IOException _) {
      // The process is gone.
    }
  }

  private synchronized void keep(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      ring[(int) (written++ % KEPT_BYTES)] = bytes[i];
    }
  }

  /** Returns the last lines, once the process has closed the stream or a second has passed. */
  String await() {
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    List<String> lines = text().lines().toList();
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - KEPT_LINES), lines.size()));
  }

  private synchronized String text() {
    int length = (int) Math.min(written, KEPT_BYTES);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = ring[(int) ((written - length + i) % KEPT_BYTES)];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
