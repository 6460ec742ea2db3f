package org.umwelt.physics.lattice;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The leapfrog and Metropolis in NumPy, in a Python process driven by lines on its stdin. */
final class NumPyPeer implements AutoCloseable {
  private static final String READY = "ready ";
  private static final String START = "start.f64";
  private static final String GIVEN = "given.f64";
  private static final String END = "end.f64";

  private final Process process;
  private final BufferedWriter out;
  private final BufferedReader in;
  private final String version;
  private final Path folder;

  private NumPyPeer(Process process, BufferedReader in, String version, Path folder) {
    this.process = process;
    this.out = process.outputWriter(StandardCharsets.UTF_8);
    this.in = in;
    this.version = version;
    this.folder = folder;
  }

  /** Starts it; empty where this Python is missing or has no NumPy. */
  static Optional<NumPyPeer> start(String python, Phi4 action) throws IOException {
    String script;
    try (InputStream resource =
        Objects.requireNonNull(NumPyPeer.class.getResourceAsStream("peer.py"))) {
      script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
    Process process;
    try {
      process =
          new ProcessBuilder(
                  python,
                  "-c",
                  script,
                  Double.toString(action.hopping()),
                  Double.toString(action.quadratic()),
                  Double.toString(action.quartic()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException _) {
      return Optional.empty();
    }
    BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
    String line = in.readLine();
    if (line == null || !line.startsWith(READY)) {
      process.destroy();
      return Optional.empty();
    }
    return Optional.of(
        new NumPyPeer(
            process,
            in,
            line.substring(READY.length()),
            Files.createTempDirectory("umwelt-phi4-")));
  }

  /** Returns the name of NumPy and its version. */
  String version() {
    return version;
  }

  private String ask(String line) throws IOException {
    out.write(line + "\n");
    out.flush();
    String answer = in.readLine();
    if (answer == null) {
      throw new IOException("the Python process ended at: " + line);
    }
    return answer;
  }

  private void write(String name, double[]... all) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Arrays.stream(all).mapToInt(one -> one.length).sum() * Double.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double[] one : all) {
      bytes.asDoubleBuffer().put(one);
      bytes.position(bytes.position() + one.length * Double.BYTES);
    }
    Files.write(folder.resolve(name), bytes.array());
  }

  /** Starts anew from a field and momenta. */
  void load(Lattice lattice, double[] field, double[] momentum) throws IOException {
    write(START, field, momentum);
    ask(
        "load\t%s\t%s"
            .formatted(
                folder,
                Arrays.stream(lattice.shape())
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining("\t"))));
  }

  /** Seconds of the wall and of the processor. */
  record Cost(double wall, double cpu) {}

  private Cost cost(String line) throws IOException {
    String[] seconds = ask(line).split("\t", -1);
    return new Cost(Double.parseDouble(seconds[0]), Double.parseDouble(seconds[1]));
  }

  /** Takes trajectories of so many steps of the leapfrog. */
  Cost leapfrog(int times, int count, double step) throws IOException {
    return cost("leapfrog\t%d\t%s\t%d".formatted(count, step, times));
  }

  /** Sweeps with random numbers of NumPy's own. */
  Cost metropolis(int count, double width) throws IOException {
    return cost("metropolis\t%d\t%s\t1".formatted(count, width));
  }

  /** Sweeps once with given numbers, one for every site. */
  void metropolis(double width, double[] proposals, double[] decisions) throws IOException {
    write(GIVEN, proposals, decisions);
    ask("given\t%s".formatted(width));
  }

  /** Returns the field and, behind it, the momenta. */
  double[] state() throws IOException {
    ask("save");
    byte[] bytes = Files.readAllBytes(folder.resolve(END));
    double[] numbers = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
    return numbers;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    for (String name : new String[] {START, GIVEN, END}) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }
}
