package org.umwelt.agents.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * A file of JSON objects, one per line, that grows at its end.
 *
 * <p>A line is handed to the operating system before {@link #append} returns, so it survives the
 * death of the process; at least once a second while lines come, and at close, the file is forced
 * to the disk. One log writes a file at a time, guarded by a file lock. Thread-safe.
 */
public final class MetricsLog implements Closeable {
  private static final long FORCE_NANOS = 1_000_000_000L;

  /** The logs this process writes, by file key; guards their opening, too. */
  private static final Map<Object, MetricsLog> OPEN = new HashMap<>();

  private final Path file;
  private final FileChannel channel;
  private long lastForce = System.nanoTime();

  private MetricsLog(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens a log, creating it where it is absent and cutting off a last line that a crash left
   * incomplete.
   *
   * @throws BadRequestException where another process writes this log
   */
  public static MetricsLog open(Path file) throws IOException {
    synchronized (OPEN) {
      MetricsLog log = lockAndOpen(file);
      OPEN.put(key(file), log);
      return log;
    }
  }

  private static MetricsLog lockAndOpen(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new BadRequestException(
            "another process is writing %s; wait until it ends".formatted(file.getParent()));
      }
      channel.truncate(endOfLastLine(channel));
      channel.position(channel.size());
      return new MetricsLog(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  /**
   * Reads bytes of a log that anybody may be writing, as {@link FileChannel#read(ByteBuffer, long)}
   * does.
   *
   * <p>Where this process writes it, its own channel is read: on Linux a process that closes any
   * channel of a file gives up its lock on it.
   */
  static int read(Path file, ByteBuffer into, long position) throws IOException {
    synchronized (OPEN) {
      MetricsLog own = OPEN.get(key(file));
      if (own != null) {
        return own.channel.read(into, position);
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.read(into, position);
      }
    }
  }

  /** Returns whether this process writes a log. */
  static boolean isOpen(Path file) throws IOException {
    synchronized (OPEN) {
      return OPEN.containsKey(key(file));
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      one.clear();
      channel.read(one, end - 1);
      if (one.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }

  /** Returns every line, oldest first. */
  public synchronized List<ObjectNode> read() throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : new String(bytes(), StandardCharsets.UTF_8).lines().toList()) {
      try {
        lines.add(Json.object(line));
      } catch (JsonProcessingException e) {
        throw new BadRequestException(
            "%s:%d: expected a JSON object, got %s; remove the line to go on"
                .formatted(file, lines.size() + 1, line),
            e);
      }
    }
    return lines;
  }

  private byte[] bytes() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // Reads until all is there.
    }
    return bytes.array();
  }

  /**
   * Cuts off all but the oldest lines; a crash leaves all lines or these.
   *
   * @param lines how many are kept
   */
  public synchronized void keep(int lines) throws IOException {
    byte[] bytes = bytes();
    int end = 0;
    for (int kept = 0; kept < lines && end < bytes.length; end++) {
      if (bytes[end] == '\n') {
        kept++;
      }
    }
    channel.truncate(end);
    channel.position(end);
    force();
  }

  /** Makes every line durable. */
  public synchronized void force() throws IOException {
    channel.force(false);
    lastForce = System.nanoTime();
  }

  /** Appends one object. */
  public void append(ObjectNode line) throws IOException {
    appendLine(line.toString());
  }

  /** Appends one object given as text without a line end. */
  public synchronized void appendLine(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    long end = channel.position();
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      // On a full disk half a line may stand there, which the next one must not join.
      channel.truncate(end);
      throw e;
    }
    if (System.nanoTime() - lastForce > FORCE_NANOS) {
      force();
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      OPEN.values().remove(this);
      synchronized (this) {
        if (channel.isOpen()) {
          channel.force(false);
          channel.close();
        }
      }
    }
  }
}
