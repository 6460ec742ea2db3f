package org.umwelt.envs.python;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A virtual environment of Umwelt's own with the packages the Gymnasium bridge needs, in {@code
 * ~/.cache/umwelt/python}.
 */
public final class PrivatePython {
  /** What is installed, with the versions this release is tested with. */
  public static final List<String> REQUIREMENTS =
      List.of("gymnasium==1.3.0", "py4j==0.10.9.9", "numpy>=2.1,<3", "ale-py==0.12.1");

  private static final long TIMEOUT_MINUTES = 10;

  /** Written last, so that an interrupted installation is begun anew. */
  private static final String STAMP = "umwelt-requirements.txt";

  private PrivatePython() {}

  private static Path folder() {
    return Path.of(System.getProperty("user.home"), ".cache", "umwelt", "python");
  }

  /** Returns where its interpreter is, or would be. */
  public static Path interpreter() {
    return folder().resolve("bin").resolve("python");
  }

  /** Returns whether it is there with all its packages. */
  public static boolean isComplete() {
    try {
      return Files.isExecutable(interpreter())
          && Files.readAllLines(folder().resolve(STAMP)).equals(REQUIREMENTS);
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Makes it with the first Python 3 on the path that can, unless it is complete.
   *
   * @throws IOException with the last line of what went wrong
   */
  public static void install(Consumer<String> progress) throws IOException {
    if (isComplete()) {
      return;
    }
    progress.accept("making a Python of Umwelt's own in " + folder());
    Files.createDirectories(folder().getParent());
    IOException failure = null;
    for (String python : List.of("python3", "python")) {
      try {
        run(List.of(python, "-m", "venv", "--clear", folder().toString()));
        failure = null;
        break;
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    progress.accept("fetching %s with pip".formatted(String.join(", ", REQUIREMENTS)));
    List<String> pip =
        new ArrayList<>(
            List.of(
                interpreter().toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input"));
    pip.addAll(REQUIREMENTS);
    run(pip);
    Files.write(folder().resolve(STAMP), REQUIREMENTS);
  }

  private static void run(List<String> command) throws IOException {
    Path log = Files.createTempFile("umwelt-python", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        process.getOutputStream().close();
        if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
          throw new IOException(
              "%s took longer than %d minutes".formatted(command.getFirst(), TIMEOUT_MINUTES));
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } finally {
        process.destroyForcibly();
      }
      if (process.exitValue() != 0) {
        List<String> lines =
            Files.readString(log, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        throw new IOException(
            "%s: %s"
                .formatted(
                    String.join(" ", command.subList(0, 3)),
                    lines.isEmpty() ? "failed without a word" : lines.getLast().strip()));
      }
    } finally {
      Files.delete(log);
    }
  }
}
