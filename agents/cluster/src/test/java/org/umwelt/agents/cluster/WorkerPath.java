package org.umwelt.agents.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.umwelt.agents.TestEnvironments;

/** The class path of worker processes with the environments of the tests. */
final class WorkerPath {
  private static final String PROPERTY = "umwelt.worker.path";
  private static final String BUILT = System.getProperty(PROPERTY);

  private WorkerPath() {}

  /** Writes it to a file in the folder, which is named to this JVM. */
  static Path write(Path folder) throws IOException {
    String tests = WorkerFiles.source(TestEnvironments.class).toString();
    Path file = folder.resolve("worker.path");
    Files.writeString(file, tests + File.pathSeparator + Files.readString(Path.of(BUILT)));
    System.setProperty(PROPERTY, file.toString());
    return file;
  }
}
