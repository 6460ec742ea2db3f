package org.umwelt.agents.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.umwelt.envs.python.PythonInterpreters;

/** Gymnasium's AsyncVectorEnv under ONNX Runtime, in a Python process driven by lines. */
final class PythonEvaluation implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  private final BufferedWriter out;
  private final BufferedReader in;
  private final List<String> command;
  private final String version;

  private PythonEvaluation(
      Process process, BufferedReader in, List<String> command, String version) {
    this.process = process;
    this.out = process.outputWriter(StandardCharsets.UTF_8);
    this.in = in;
    this.command = command;
    this.version = version;
  }

  /**
   * Starts the first Python that has what it takes; empty where none has.
   *
   * @param python names one; empty for those that are known
   */
  static Optional<PythonEvaluation> start(
      String python, Path model, String environment, int size, int steps) throws IOException {
    String script;
    try (InputStream resource =
        Objects.requireNonNull(PythonEvaluation.class.getResourceAsStream("peer.py"))) {
      script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> candidates = python.isEmpty() ? PythonInterpreters.candidates() : List.of(python);
    for (String candidate : candidates) {
      List<String> command =
          List.of(
              candidate,
              "-c",
              script,
              model.toString(),
              environment,
              Integer.toString(size),
              Integer.toString(steps));
      Process process;
      try {
        process =
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      } catch (IOException _) {
        continue;
      }
      BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
      String line = in.readLine();
      if (line != null && line.startsWith(READY)) {
        return Optional.of(
            new PythonEvaluation(process, in, command, line.substring(READY.length())));
      }
      process.destroy();
    }
    return Optional.empty();
  }

  /** Returns the versions of its libraries. */
  String version() {
    return version;
  }

  /** Returns the command that starts it anew, takes one step and ends. */
  List<String> once() {
    List<String> words = new ArrayList<>(command);
    words.add("once");
    return words;
  }

  /**
   * What was played.
   *
   * @param seconds of the wall
   * @param totalReward of all episodes
   * @param steps of all episodes
   */
  record Played(double seconds, double totalReward, long steps) {}

  /** Plays an episode for each seed; a multiple of its environments. */
  Played play(long... seeds) throws IOException {
    out.write(LongStream.of(seeds).mapToObj(Long::toString).collect(Collectors.joining(" ")));
    out.newLine();
    out.flush();
    String answer = in.readLine();
    if (answer == null) {
      throw new IOException("the Python process ended");
    }
    String[] words = answer.split(" ", -1);
    return new Played(
        Double.parseDouble(words[0]), Double.parseDouble(words[1]), Long.parseLong(words[2]));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
