package org.umwelt.envs.atari;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.python.PythonInterpreters;

/** The ROMs inside the {@code ale-py} package, which pip downloads. */
final class AlePyPackage implements RomFolders.Source {
  private static final String REQUIREMENT = "ale-py==0.12.1";
  private static final String FOLDER = "ale_py/roms/";
  private static final String SUFFIX = ".bin";
  private static final long TIMEOUT_MINUTES = 5;

  /** A build that exists, for interpreters that have none of their own; the ROMs are the same. */
  private static final List<String> ANY_BUILD =
      List.of(
          "--python-version",
          "3.11",
          "--implementation",
          "cp",
          "--platform",
          "manylinux_2_28_x86_64");

  @Override
  public Map<String, byte[]> get(Consumer<String> progress) throws IOException {
    progress.accept("fetching the Atari ROMs with pip from " + REQUIREMENT);
    Path folder = Files.createTempDirectory("umwelt-roms");
    try {
      String reason = "";
      for (String python : PythonInterpreters.candidates()) {
        for (List<String> build : List.of(List.<String>of(), ANY_BUILD)) {
          String failure = download(python, build, folder);
          Path wheel = wheel(folder);
          if (wheel != null) {
            return read(wheel);
          }
          if (reason.isEmpty()) {
            reason = failure;
          }
        }
      }
      throw new IOException(reason);
    } finally {
      delete(folder);
    }
  }

  /** Runs pip and returns the last line it wrote. */
  private static String download(String python, List<String> build, Path folder)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                python,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--no-deps",
                "--only-binary=:all:",
                "--dest",
                folder.toString()));
    command.addAll(build);
    command.add(REQUIREMENT);
    Path log = folder.resolve("log");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      process.getOutputStream().close();
    } catch (IOException _) {
      return python + " is not installed";
    }
    try {
      if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
        return "pip took longer than %d minutes".formatted(TIMEOUT_MINUTES);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      process.destroy();
    }
    List<String> lines =
        Files.readString(log, StandardCharsets.UTF_8).lines().filter(l -> !l.isBlank()).toList();
    return lines.isEmpty() ? "pip wrote nothing" : lines.getLast().strip();
  }

  private static @Nullable Path wheel(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".whl")).findFirst().orElse(null);
    }
  }

  private static Map<String, byte[]> read(Path wheel) throws IOException {
    Map<String, byte[]> roms = new HashMap<>();
    try (InputStream file = Files.newInputStream(wheel);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.startsWith(FOLDER) && name.endsWith(SUFFIX)) {
          roms.put(
              name.substring(FOLDER.length(), name.length() - SUFFIX.length()), zip.readAllBytes());
        }
      }
    }
    return roms;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
