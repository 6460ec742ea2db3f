package org.umwelt.agents.iris;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * The reference implementation of IRIS (github.com/eloialonso/iris) in a Python process, told by
 * lines on its stdin which update to run. The script {@code reference.py} says what its JSON holds.
 */
final class ReferenceProcess implements AutoCloseable {
  private static final String READY = "ready ";
  private static final Path MARK = Path.of("src", "models", "world_model.py");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Process process;
  private final BufferedWriter out;
  private final BufferedReader in;
  private final CompletableFuture<String> lastError;
  private final String version;

  private ReferenceProcess(
      Process process, BufferedReader in, CompletableFuture<String> lastError, String version) {
    this.process = process;
    this.out = process.outputWriter(StandardCharsets.UTF_8);
    this.in = in;
    this.lastError = lastError;
    this.version = version;
  }

  /** What an update took, in seconds: CPU time of all threads together, and time on the wall. */
  record Cost(double cpuSeconds, double wallSeconds) {}

  /**
   * Starts it in the Python that {@code UMWELT_PYTHON} names, else in {@code python3}.
   *
   * @param checkout a checkout of the reference
   * @param threads how many threads torch computes with
   * @throws BadRequestException where the checkout, Python or one of its packages is missing
   */
  static ReferenceProcess start(Path checkout, int threads, JsonNode config) {
    String python = System.getenv().getOrDefault("UMWELT_PYTHON", "python3");
    return start(python, checkout, threads, config);
  }

  /** Starts it in a given Python. */
  static ReferenceProcess start(String python, Path checkout, int threads, JsonNode config) {
    if (!Files.isRegularFile(checkout.resolve(MARK))) {
      throw new BadRequestException(
          "expected a checkout of the reference, found no %s in %s; make one with git clone https://github.com/eloialonso/iris"
              .formatted(MARK, checkout));
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            python,
            "-c",
            script(),
            checkout.toString(),
            Integer.toString(threads),
            config.toString());
    // Threads that spin while they wait would count as CPU time.
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new BadRequestException(
          "expected a Python with torch, numpy and einops, found no program %s; set UMWELT_PYTHON to one"
              .formatted(python),
          e);
    }
    CompletableFuture<String> lastError =
        CompletableFuture.supplyAsync(() -> lastLine(process), Thread::startVirtualThread);
    BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
    String line = line(in);
    if (line != null && line.startsWith(READY)) {
      return new ReferenceProcess(process, in, lastError, line.substring(READY.length()));
    }
    String found = line == null ? ending(process, lastError) : line;
    process.destroy();
    throw new BadRequestException(
        "expected a Python with torch, numpy and einops that starts the reference, found %s (%s); set UMWELT_PYTHON to one"
            .formatted(python, found));
  }

  /** Returns the version of torch and the name of its BLAS. */
  String version() {
    return version;
  }

  /**
   * Runs one update and returns what it took.
   *
   * @param what {@code tokenizer}, {@code world_model} or {@code actor_critic}: forward, backward,
   *     clipping and optimiser step; {@code imagined_step}: one step of the world model's
   *     environment in the middle of the horizon, decoding included
   * @throws BadRequestException where the process ended over it, with the last line it wrote
   */
  Cost run(String what) {
    String line;
    try {
      out.write(what + "\n");
      out.flush();
      line = line(in);
    } catch (IOException _) {
      line = null;
    }
    if (line == null) {
      throw new BadRequestException(
          "expected the seconds of the reference's %s, found that it ended (%s); a smaller batch may fit"
              .formatted(what, ending(process, lastError)));
    }
    try {
      JsonNode cost = MAPPER.readTree(line);
      return new Cost(cost.required("cpu").asDouble(), cost.required("wall").asDouble());
    } catch (IOException | IllegalArgumentException e) {
      throw new BadRequestException(
          "expected the seconds of the reference's %s as JSON, found %s".formatted(what, line), e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }

  private static String script() {
    try (InputStream resource =
        Objects.requireNonNull(ReferenceProcess.class.getResourceAsStream("reference.py"))) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the next line; null where the process has ended. */
  private static @Nullable String line(BufferedReader in) {
    try {
      return in.readLine();
    } catch (IOException _) {
      return null;
    }
  }

  /** Reads stderr to its end, so that the process never waits for a reader. */
  private static String lastLine(Process process) {
    return process
        .errorReader(StandardCharsets.UTF_8)
        .lines()
        .reduce("", (last, line) -> line.isBlank() ? last : line.strip());
  }

  /** Returns why an ended process ended: the last line of its stderr, or its exit status. */
  private static String ending(Process process, CompletableFuture<String> lastError) {
    String last = lastError.join();
    return last.isEmpty() ? "exit status " + process.onExit().join().exitValue() : last;
  }
}
