package org.umwelt.agents.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sizes and times of the files of a run; equal as long as none of them changed. */
record RunStamp(
    @Nullable Stamp config,
    @Nullable Stamp provenance,
    @Nullable Stamp metrics,
    @Nullable Stamp result) {

  record Stamp(long size, Instant modified) {}

  static RunStamp of(Path run) {
    return new RunStamp(
        stamp(run.resolve(RunFolder.CONFIG)),
        stamp(run.resolve(RunFolder.PROVENANCE)),
        stamp(run.resolve(RunFolder.METRICS)),
        stamp(run.resolve(RunFolder.RESULT)));
  }

  private static @Nullable Stamp stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile()
          ? new Stamp(found.size(), found.lastModifiedTime().toInstant())
          : null;
    } catch (IOException _) {
      return null;
    }
  }

  /** Returns when the metrics, or without them the configuration, were written last. */
  Instant lastWrite() {
    Stamp last = metrics != null ? metrics : config;
    return last == null ? Instant.EPOCH : last.modified();
  }
}
