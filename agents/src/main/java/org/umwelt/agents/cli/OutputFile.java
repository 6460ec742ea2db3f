package org.umwelt.agents.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.umwelt.kernels.settings.BadRequestException;

/** Refuses files that cannot or should not be written, before any work is done. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file may be made.
   *
   * @param force whether what is there may be replaced
   */
  static void require(Path file, boolean force) {
    if (file.getFileName() == null) {
      throw new BadRequestException("expected the name of a file, got " + file);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadRequestException(
          "cannot write %s: there is no folder %s".formatted(file, folder));
    }
    if (!Files.isWritable(folder)) {
      throw new BadRequestException(
          "cannot write %s: the folder %s is not writable".formatted(file, folder));
    }
    if (Files.exists(file) && !force) {
      throw new BadRequestException(
          file + " is there already; --force replaces it, or name another file");
    }
  }

  /** Checks a file that is to be replaced as a whole and so must not be a folder. */
  static void requireFile(Path file, boolean force) {
    require(file, force);
    if (Files.isDirectory(file)) {
      throw new BadRequestException(file + " is a folder; name a file");
    }
  }
}
