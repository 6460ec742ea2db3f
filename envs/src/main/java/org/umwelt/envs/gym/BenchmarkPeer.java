package org.umwelt.envs.gym;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.kernels.settings.BadRequestException;
import py4j.ClientServer;

/** A Python process that runs {@code peer.py}, which describes what passes between us. */
final class BenchmarkPeer implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  private final BufferedWriter out;
  private final BufferedReader in;
  private final String token = PythonWorker.newToken();
  private final String ready;
  private @Nullable ClientServer py4j;

  private BenchmarkPeer(Process process) throws IOException {
    this.process = process;
    out = process.outputWriter(StandardCharsets.US_ASCII);
    in = process.inputReader(StandardCharsets.US_ASCII);
    out.write(token + "\n");
    out.flush();
    String line = in.readLine();
    if (line == null || !line.startsWith(READY)) {
      process.destroy();
      throw new IOException("it did not start; UMWELT_DEBUG=1 shows what it writes");
    }
    ready = line.substring(READY.length());
  }

  /** Starts one with the best Python there is. */
  static BenchmarkPeer start(String kind, String id, int size, String arguments)
      throws IOException {
    String script;
    try (InputStream resource =
        Objects.requireNonNull(BenchmarkPeer.class.getResourceAsStream("peer.py"))) {
      script = new String(resource.readAllBytes(), StandardCharsets.US_ASCII);
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            PythonInterpreters.candidates().getFirst(),
            "-c",
            script,
            kind,
            id,
            Integer.toString(size),
            arguments);
    builder.environment().put("PYTHONPATH", PythonSources.path());
    builder.environment().put("UMWELT_COMMAND", String.join(" ", serverCommand()));
    builder.redirectError(
        System.getenv("UMWELT_DEBUG") == null
            ? ProcessBuilder.Redirect.DISCARD
            : ProcessBuilder.Redirect.INHERIT);
    try {
      return new BenchmarkPeer(builder.start());
    } catch (IOException e) {
      throw new BadRequestException(
          "bench gym needs a Python with gymnasium, ale-py and py4j (%s); scripts/umwelt doctor --fix"
                  .formatted(e.getMessage())
              + " makes one, or set %s to yours".formatted(PythonInterpreters.VARIABLE),
          e);
    }
  }

  /** Returns a JVM like this one that serves environments. */
  private static List<String> serverCommand() {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), EnvironmentServer.class.getName()));
    return command;
  }

  /** Connects to the object that the process serves through Py4J. */
  <T> T connect(Class<T> type) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ClientServer client =
        new ClientServer.ClientServerBuilder()
            .autoStartJavaServer(false)
            .javaAddress(loopback)
            .javaPort(0)
            .pythonAddress(loopback)
            .pythonPort(Integer.parseInt(ready))
            .authToken(token)
            .build();
    py4j = client;
    return type.cast(client.getPythonServerEntryPoint(new Class<?>[] {type}));
  }

  /** Has it take k steps and returns the seconds. */
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
    ClientServer client = py4j;
    if (client != null) {
      client.shutdown();
    }
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
