package org.umwelt.agents.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which files were locked for writing, and by which process, at one moment: what Linux lists in
 * {@code /proc/locks}.
 *
 * <p>Looking there takes no lock. To try for one would do: but a run that starts in that moment
 * would be refused its own, and closing the file again frees the lock this process may hold on it.
 * Locks of other machines and of other containers are not listed.
 */
final class LogWriters {
  private static final Path LOCKS = Path.of("/proc/locks");

  /**
   * {@code 1: POSIX ADVISORY WRITE pid major:minor:inode start end}; waiting ones have an arrow.
   */
  private static final Pattern LINE =
      Pattern.compile(
          "\\d+: (?:POSIX|OFDLCK)\\s+\\w+\\s+WRITE\\s+(?<pid>-?\\d+)"
              + " (?<major>[0-9a-f]+):(?<minor>[0-9a-f]+):(?<inode>\\d+) .*");

  /** File systems that other machines may write to, too. */
  private static final Pattern SHARED = Pattern.compile("nfs.*|cifs|smb.*|fuse\\.sshfs|9p|lustre");

  private record Inode(long device, long number) {}

  private final boolean complete;
  private final Map<Inode, Long> writers;

  private LogWriters(boolean complete, Map<Inode, Long> writers) {
    this.complete = complete;
    this.writers = writers;
  }

  /** Returns whether locks on files below a folder are listed at all. */
  static boolean canBeSeen(Path folder) {
    try {
      return Files.isReadable(LOCKS)
          && Files.getAttribute(folder, "unix:ino") != null
          && !SHARED.matcher(Files.getFileStore(folder).type()).matches();
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /** Looks now. */
  static LogWriters now() {
    Map<Inode, Long> writers = new HashMap<>();
    try {
      for (String line : Files.readAllLines(LOCKS)) {
        Matcher lock = LINE.matcher(line.strip());
        if (lock.matches()) {
          writers.put(
              new Inode(
                  device(
                      Long.parseLong(lock.group("major"), 16),
                      Long.parseLong(lock.group("minor"), 16)),
                  Long.parseLong(lock.group("inode"))),
              Long.parseLong(lock.group("pid")));
        }
      }
      return new LogWriters(true, writers);
    } catch (IOException _) {
      return new LogWriters(false, Map.of());
    }
  }

  /** Returns a device as stat(2) does on Linux. */
  private static long device(long major, long minor) {
    return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
  }

  /** Returns whether the list could be read. */
  boolean isComplete() {
    return complete;
  }

  /** Returns the process that holds the lock on a file; empty where none does. */
  OptionalLong of(Path file) throws IOException {
    Map<String, Object> unix = Files.readAttributes(file, "unix:dev,ino");
    Long pid =
        writers.get(
            new Inode(
                ((Number) unix.getOrDefault("dev", 0L)).longValue(),
                ((Number) unix.getOrDefault("ino", 0L)).longValue()));
    return pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
  }
}
