package org.umwelt.agents.cluster;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.umwelt.agents.jobs.JobWorker;
import org.umwelt.kernels.settings.BadRequestException;

/** The class path of worker processes, without Spark, as this machine has it and as jars. */
final class WorkerFiles {
  /** Names the file in which the build has written the class path below module agents. */
  private static final String PROPERTY = "umwelt.worker.path";

  private WorkerFiles() {}

  /**
   * Returns the class path: folders of classes and jars.
   *
   * @throws BadRequestException where the build's file is not there
   */
  static List<Path> classPath() throws IOException {
    String file = System.getProperty(PROPERTY, "");
    if (file.isEmpty() || !Files.isReadable(Path.of(file))) {
      throw new BadRequestException(
          "expected the class path of workers in the file that -D%s names, got \"%s\"; scripts/umwelt writes and names it"
              .formatted(PROPERTY, file));
    }
    SequencedSet<Path> entries = new LinkedHashSet<>();
    entries.add(source(JobWorker.class));
    for (String entry : Files.readString(Path.of(file)).strip().split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry));
    }
    return List.copyOf(entries);
  }

  /** Returns the folder or the jar a class comes from. */
  static Path source(Class<?> type) {
    try {
      return Path.of(
          Objects.requireNonNull(type.getProtectionDomain().getCodeSource()).getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns a class path as jars that can be sent.
   *
   * @param folder receives a jar for each folder of classes
   * @param name beginning of the names of these jars; Spark tells files apart by their names
   */
  static List<Path> asJars(List<Path> classPath, Path folder, String name) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path entry : classPath) {
      if (Files.isDirectory(entry)) {
        Path jar = folder.resolve("%s-%d.jar".formatted(name, jars.size()));
        pack(entry, jar);
        jars.add(jar);
      } else if (Files.isReadable(entry)) {
        jars.add(entry);
      }
    }
    return jars;
  }

  /** Returns whether a jar holds the house's own code. */
  static boolean isOwn(Path jar) {
    return String.valueOf(jar.getFileName()).startsWith("umwelt-");
  }

  private static void pack(Path classes, Path jar) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(classes)) {
      files = walk.filter(Files::isRegularFile).sorted().toList();
    }
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(file, zip);
      }
    }
  }
}
