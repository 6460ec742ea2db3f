package org.umwelt.agents.media;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** What an episode can be exported as. */
public enum ExportFormat {
  /** H.264 in an MP4 file: plays everywhere. */
  MP4,
  /** VP9 in a WebM file: the smallest, for browsers. */
  WEBM,
  /** An animated GIF: exact colours, large. */
  GIF,
  /** A folder of numbered PNG files: exact. */
  PNG,
  /** A table with one line per step: action, reward, flags, numeric infos. */
  CSV;

  /** Returns the name on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the format a file name ends in, such as {@code .mp4}. */
  public static Optional<ExportFormat> ofEnding(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (ExportFormat format : values()) {
      if (name.endsWith("." + format.word())) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
