package org.umwelt.kernels.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Writes files crash-safely: beside, fsync, rename. A reader sees the old file or the new one,
 * whole.
 */
public final class AtomicFile {
  /**
   * Ending of a file that is still being written; such files may be deleted when nobody writes
   * them.
   */
  public static final String PARTIAL_SUFFIX = ".partial";

  private AtomicFile() {}

  /** Writes text as UTF-8. */
  public static void write(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes. */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path partial = partial(file);
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
    publish(partial, file);
  }

  /** Returns where a file is written before {@link #publish} gives it its name. */
  public static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + PARTIAL_SUFFIX);
  }

  /** Makes a completely written file durable and gives it its name. */
  public static void publish(Path partial, Path file) throws IOException {
    sync(partial, StandardOpenOption.WRITE);
    rename(partial, file);
  }

  /**
   * Makes a folder of completely written files durable and gives it its name, which must be free.
   * The files in it must be durable already.
   */
  public static void publishFolder(Path partial, Path folder) throws IOException {
    sync(partial, StandardOpenOption.READ);
    rename(partial, folder);
  }

  /** Makes what stands in a file durable. */
  public static void sync(Path file) throws IOException {
    sync(file, StandardOpenOption.WRITE);
  }

  private static void rename(Path partial, Path file) throws IOException {
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    // The new name stands in the folder above, which has to reach the disk as well.
    sync(Objects.requireNonNull(file.toAbsolutePath().getParent()), StandardOpenOption.READ);
  }

  private static void sync(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
