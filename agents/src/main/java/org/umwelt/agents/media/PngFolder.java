package org.umwelt.agents.media;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.files.AtomicFile;
import org.umwelt.kernels.settings.BadRequestException;

/** A film as a folder of PNG files, numbered by step: {@code 000120.png}. */
final class PngFolder implements Film {
  private static final Pattern NUMBERED = Pattern.compile("\\d{6,}\\.png");

  private final Path folder;
  private final Path partial;
  private final int scale;
  private int number;

  PngFolder(Path folder, Shape shape) throws IOException {
    this.folder = folder;
    this.partial = AtomicFile.partial(folder);
    this.number = shape.firstNumber();
    this.scale = shape.scale();
    if (Files.exists(folder)) {
      requireNumbered(folder);
    }
    delete(partial);
    Files.createDirectories(partial);
  }

  @Override
  public void write(Frame frame) throws IOException {
    Path png = partial.resolve("%06d.png".formatted(number++));
    Files.write(png, FrameImages.png(FrameImages.enlarge(frame, scale)));
    AtomicFile.sync(png);
  }

  @Override
  public void finish() throws IOException {
    delete(folder);
    AtomicFile.publishFolder(partial, folder);
  }

  @Override
  public void close() throws IOException {
    delete(partial);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      for (Path file : requireNumbered(folder)) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  /** Nothing but an earlier export is ever replaced. */
  private static List<Path> requireNumbered(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadRequestException(folder + " is a file; a PNG export makes a folder");
    }
    try (Stream<Path> listing = Files.list(folder)) {
      List<Path> files = listing.toList();
      for (Path file : files) {
        if (!NUMBERED.matcher(String.valueOf(file.getFileName())).matches()) {
          throw new BadRequestException(
              "%s holds %s, which is no exported frame: name another folder"
                  .formatted(folder, file.getFileName()));
        }
      }
      return files;
    }
  }
}
