package org.umwelt.envs.atari;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.umwelt.envs.python.PythonInterpreters;

/** ale-py's own C++ vector environment in a Python process, stepped by lines on its stdin. */
final class AlePyVector implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  private final BufferedWriter out;
  private final BufferedReader in;
  private final String version;

  private AlePyVector(Process process, BufferedReader in, String version) {
    this.process = process;
    this.out = process.outputWriter(StandardCharsets.US_ASCII);
    this.in = in;
    this.version = version;
  }

  /** Starts it in the first Python that has ale-py; empty where none has. */
  static Optional<AlePyVector> start(AtariGame game, int environments, int threads)
      throws IOException {
    String script;
    try (InputStream resource =
        Objects.requireNonNull(AlePyVector.class.getResourceAsStream("peer.py"))) {
      script = new String(resource.readAllBytes(), StandardCharsets.US_ASCII);
    }
    for (String python : PythonInterpreters.candidates()) {
      Process process;
      try {
        process =
            new ProcessBuilder(
                    python,
                    "-c",
                    script,
                    game.rom(),
                    Integer.toString(environments),
                    Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
      } catch (IOException _) {
        continue;
      }
      BufferedReader in = process.inputReader(StandardCharsets.US_ASCII);
      String line = in.readLine();
      if (line != null && line.startsWith(READY)) {
        return Optional.of(new AlePyVector(process, in, line.substring(READY.length())));
      }
      process.destroy();
    }
    return Optional.empty();
  }

  /** Returns the version of ale-py. */
  String version() {
    return version;
  }

  /** Takes k steps of every environment and returns the seconds. */
  double run(int steps) throws IOException {
    out.write(steps + "\n");
    out.flush();
    String line = in.readLine();
    if (line == null) {
      throw new IOException("the Python process ended");
    }
    return Double.parseDouble(line);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
