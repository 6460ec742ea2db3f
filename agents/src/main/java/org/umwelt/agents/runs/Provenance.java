package org.umwelt.agents.runs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a result comes from: everything that could matter when it is to be had again. */
public final class Provenance {
  private static final int GIT_SECONDS = 10;

  private Provenance() {}

  /**
   * Returns the provenance of work this process is about to do.
   *
   * @param command the words of the command
   * @param seed the master seed
   * @param workers how many threads work
   */
  public static ObjectNode now(List<String> command, long seed, int workers) {
    return now(command).put("seed", seed).put("workers", workers);
  }

  /**
   * Returns the provenance of work whose seed and threads stand in its configuration.
   *
   * @param command the words of the command
   */
  public static ObjectNode now(List<String> command) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("started", Instant.now().toString());
    ArrayNode words = node.putArray("command");
    words.add("umwelt");
    command.forEach(words::add);
    revision(node.putObject("git"));
    node.put("java", System.getProperty("java.runtime.version"));
    node.put("java_vm", System.getProperty("java.vm.name"));
    node.put(
        "os",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    node.put("cpu", cpu());
    node.put("processors", Runtime.getRuntime().availableProcessors());
    ArrayNode libraries = node.putArray("libraries");
    libraries().forEach(libraries::add);
    return node;
  }

  /** Writes {@code revision} and {@code dirty} of the checkout this program was built from. */
  private static void revision(ObjectNode git) {
    git.putNull("revision");
    git.putNull("dirty");
    Path checkout = checkout();
    if (checkout == null) {
      return;
    }
    try {
      Process process =
          new ProcessBuilder(
                  "git",
                  "--no-optional-locks",
                  "-C",
                  checkout.toString(),
                  "status",
                  "--porcelain=v2",
                  "--branch")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // Reading knows no patience, so a git that hangs is ended.
      CompletableFuture.delayedExecutor(GIT_SECONDS, TimeUnit.SECONDS)
          .execute(process::destroyForcibly);
      List<String> lines;
      try (var output = process.inputReader(StandardCharsets.UTF_8)) {
        lines = output.readAllLines();
      }
      if (process.waitFor() != 0) {
        return;
      }
      String oid = "# branch.oid ";
      lines.stream()
          .filter(line -> line.startsWith(oid))
          .findFirst()
          .ifPresent(line -> git.put("revision", line.substring(oid.length())));
      git.put("dirty", lines.stream().anyMatch(line -> !line.startsWith("#")));
    } catch (IOException _) {
      // No git on this machine: the revision stays null, and says so.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static @Nullable Path checkout() {
    CodeSource source = Provenance.class.getProtectionDomain().getCodeSource();
    try {
      for (Path folder = source == null ? null : Path.of(source.getLocation().toURI());
          folder != null;
          folder = folder.getParent()) {
        if (Files.exists(folder.resolve(".git"))) {
          return folder;
        }
      }
    } catch (URISyntaxException _) {
      // Not a place in the file system, so not a checkout.
    }
    return null;
  }

  private static String cpu() {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try (Stream<String> lines = Files.lines(info)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
      } catch (IOException _) {
        // The architecture is all there is to say.
      }
    }
    return System.getProperty("os.arch");
  }

  /** Returns the names of the jars on the class path, versions included, sorted. */
  private static List<String> libraries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .map(entry -> String.valueOf(Path.of(entry).getFileName()))
        .sorted()
        .toList();
  }
}
