package org.umwelt.envs.gym;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.python.PythonInterpreters;
import org.umwelt.kernels.settings.BadRequestException;
import py4j.ClientServer;
import py4j.Py4JException;

/**
 * One Python process that steps environments: {@code umwelt_bridge.worker}.
 *
 * <p>A step is one byte through the process's stdin and one back through its stdout; everything
 * rare goes through Py4J, on a loopback port the system chose, with a token only the two processes
 * know. An answer that takes longer than allowed ends in the process being killed, so that nothing
 * waits for ever. What the process prints is read and thrown away but for its last lines.
 *
 * <p>Used by one thread at a time.
 */
final class PythonWorker implements AutoCloseable {
  static final byte STEP = 's';
  static final byte RESET = 'r';
  private static final byte CALL = 'c';

  /** The worker did what it was told. */
  static final byte DONE = '.';

  /** The worker raised an exception; its text in the map has the traceback. */
  static final byte FAILED = 'e';

  private static final String START =
      """
      import sys
      sys.path[0] = sys.argv[1]
      sys.path.append("")
      from umwelt_bridge import start
      start.main()
      """;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Py4J logs what we report ourselves; the reference keeps the level. */
  private static final Logger PY4J_LOGGER = Logger.getLogger("py4j");

  private static final ScheduledExecutorService WATCHDOG =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("umwelt-gym-watchdog").unstarted(task));

  private static final Duration SHORTEST_LOOK = Duration.ofMillis(5);
  private static final Duration LONGEST_LOOK = Duration.ofMillis(500);
  private static final long NEVER = Long.MAX_VALUE;
  private static final int LONGEST_GREETING = 1 << 16;
  private static final long GRACE_SECONDS = 2;

  private final String owner;
  private final Duration timeout;
  private final Process process;
  private final OutputStream commands;
  private final InputStream answers;
  private final LastLines lastLines;
  private final String token;
  private final ScheduledFuture<?> watch;
  private final long born = System.nanoTime();

  /** When the awaited answer is late, in nanoseconds since {@link #born}. */
  private volatile long deadline = NEVER;

  private volatile boolean timedOut;
  private @Nullable ClientServer py4j;
  private @Nullable Control control;
  private boolean lost;
  private int port;
  private String versions = "";

  private PythonWorker(String owner, Duration timeout, Process process) {
    this.owner = owner;
    this.timeout = timeout;
    this.process = process;
    this.commands = process.getOutputStream();
    this.answers = process.getInputStream();
    this.lastLines = new LastLines(process.getErrorStream());
    this.token = newToken();
    PY4J_LOGGER.setLevel(Level.OFF);
    long look =
        Math.clamp(timeout.toMillis() / 10, SHORTEST_LOOK.toMillis(), LONGEST_LOOK.toMillis());
    this.watch = WATCHDOG.scheduleAtFixedRate(this::killIfLate, look, look, TimeUnit.MILLISECONDS);
  }

  /**
   * Starts a process with the first Python that has what is needed, up to its readiness.
   *
   * @param owner the environment's id, for messages
   * @param timeout how long one answer may take
   * @throws BadRequestException where no Python has it
   * @throws GymException where the process fails otherwise
   */
  static PythonWorker start(String owner, Duration timeout) {
    return start(owner, timeout, PythonInterpreters.candidates(), PythonSources.path());
  }

  static PythonWorker start(
      String owner, Duration timeout, List<String> interpreters, String sources) {
    String reason = "";
    for (String interpreter : interpreters) {
      Process process;
      try {
        process = new ProcessBuilder(interpreter, "-c", START, sources).start();
      } catch (IOException _) {
        reason = reason.isEmpty() ? interpreter + " is not installed" : reason;
        continue;
      }
      PythonWorker worker = new PythonWorker(owner, timeout, process);
      try {
        String missing = worker.greet();
        if (missing == null) {
          return worker;
        }
        reason = reason.isEmpty() ? "%s: %s".formatted(interpreter, missing) : reason;
        worker.close();
      } catch (RuntimeException e) {
        worker.close();
        throw e;
      }
    }
    throw new BadRequestException(
        "%s needs a Python 3.10 or newer with gymnasium, numpy and py4j (%s); scripts/umwelt doctor"
                .formatted(owner, reason)
            + " --fix makes one, or set %s to yours".formatted(PythonInterpreters.VARIABLE));
  }

  /** Returns a secret of 256 bits. */
  static String newToken() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Returns what the interpreter lacks; null where it is ready. */
  private @Nullable String greet() {
    ObjectNode greeting = JsonNodeFactory.instance.objectNode();
    greeting.put("protocol", BridgeMemory.PROTOCOL).put("token", token);
    JsonNode answer;
    startClock();
    try {
      commands.write((greeting + "\n").getBytes(StandardCharsets.US_ASCII));
      commands.flush();
      answer = readGreeting();
    } catch (IOException _) {
      throw lost();
    } finally {
      stopClock();
    }
    if (answer.has("error")) {
      return answer.path("error").asText();
    }
    int protocol = answer.path("protocol").asInt(-1);
    if (protocol != BridgeMemory.PROTOCOL) {
      throw new GymException(
          "%s: expected a Python side of protocol %d, found %d; install the Python package of this release"
              .formatted(owner, BridgeMemory.PROTOCOL, protocol),
          true);
    }
    port = answer.path("port").asInt();
    versions =
        "Python %s, Gymnasium %s"
            .formatted(answer.path("python").asText(), answer.path("gymnasium").asText());
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ClientServer server =
        new ClientServer.ClientServerBuilder()
            .autoStartJavaServer(false)
            .javaAddress(loopback)
            .javaPort(0)
            .pythonAddress(loopback)
            .pythonPort(port)
            .authToken(token)
            .build();
    py4j = server;
    control = (Control) server.getPythonServerEntryPoint(new Class<?>[] {Control.class});
    return null;
  }

  private JsonNode readGreeting() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = answers.read(); b != '\n'; b = answers.read()) {
      if (b < 0) {
        throw lost();
      }
      if (line.size() == LONGEST_GREETING) {
        throw unintelligible(line);
      }
      line.write(b);
    }
    try {
      JsonNode answer = JSON.readTree(line.toByteArray());
      if (answer.isObject()) {
        return answer;
      }
    } catch (JsonProcessingException _) {
      // Said below.
    }
    throw unintelligible(line);
  }

  private GymException unintelligible(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    return new GymException(
        "%s: expected the Python side to greet with a line of JSON, found %s"
            .formatted(owner, text.substring(0, Math.min(text.length(), 80))),
        true);
  }

  /**
   * Sends a command that one byte answers.
   *
   * @throws GymException where the process is gone
   */
  void send(byte command) {
    startClock();
    write(command);
  }

  private void write(byte command) {
    try {
      commands.write(command);
      commands.flush();
    } catch (IOException _) {
      throw lost();
    }
  }

  /**
   * Returns the byte that answers, {@link #DONE} or {@link #FAILED}.
   *
   * @throws GymException where the process is gone or takes too long
   */
  byte receive() {
    int answer;
    try {
      answer = answers.read();
    } catch (IOException _) {
      throw lost();
    }
    stopClock();
    if (answer < 0) {
      throw lost();
    }
    return (byte) answer;
  }

  /**
   * Calls the control plane and returns the value of the result.
   *
   * @throws BadRequestException where Gymnasium refused what was asked
   * @throws GymException where Python raised another exception, is gone or takes too long
   */
  JsonNode call(Function<Control, String> body) {
    Control connected = control;
    if (connected == null) {
      throw new IllegalStateException("the Python side is not connected");
    }
    JsonNode result;
    startClock();
    try {
      write(CALL);
      result = JSON.readTree(body.apply(connected));
    } catch (Py4JException _) {
      throw lost();
    } catch (JsonProcessingException e) {
      throw new GymException(
          "%s: expected JSON from Python, found %s".formatted(owner, e.getOriginalMessage()),
          false);
    } finally {
      stopClock();
    }
    JsonNode error = result.path("error");
    if (error.isMissingNode()) {
      return result.path("value");
    }
    if (error.path("refused").asBoolean()) {
      throw new BadRequestException(
          "%s: %s".formatted(owner, error.path("message").asText().replaceAll("\\s+", " ")));
    }
    throw raised(error.path("traceback").asText());
  }

  /** Returns what to throw for a traceback. */
  GymException raised(String traceback) {
    return new GymException(
        "%s: Python raised an exception%n%s".formatted(owner, traceback.strip()), false);
  }

  private void startClock() {
    deadline = System.nanoTime() - born + timeout.toNanos();
  }

  private void stopClock() {
    deadline = NEVER;
  }

  private void killIfLate() {
    if (System.nanoTime() - born > deadline) {
      timedOut = true;
      kill();
    }
  }

  /** Children of the process go too: they may hold the other ends of the pipes. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Returns the versions of Python and Gymnasium. */
  String versions() {
    return versions;
  }

  /** Returns the port its Py4J server listens on. */
  int port() {
    return port;
  }

  /** Returns the process. */
  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends what is left of the process and returns what to throw. */
  GymException lost() {
    lost = true;
    stopClock();
    String status = "is gone";
    try {
      if (process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        status = "ended with status " + process.exitValue();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    kill();
    watch.cancel(false);
    if (timedOut) {
      status =
          String.format(
              Locale.ROOT,
              "gave no answer within %.3g s (timeout) and was killed",
              timeout.toNanos() * 1e-9);
    }
    String lines = lastLines.await();
    return new GymException(
        "%s: the Python process %s%s"
            .formatted(
                owner,
                status,
                lines.isEmpty()
                    ? "; it wrote nothing"
                    : "; the last it wrote:%n%s".formatted(lines)),
        true);
  }

  /** Closes the environments and ends the process; a second call does nothing. */
  @Override
  public void close() {
    if (!lost && control != null) {
      try {
        call(Control::close);
      } catch (GymException | BadRequestException _) {
        // It ends all the same.
      }
    }
    watch.cancel(false);
    try {
      commands.close();
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (IOException _) {
      kill();
    } catch (InterruptedException _) {
      kill();
      Thread.currentThread().interrupt();
    }
    ClientServer connected = py4j;
    if (connected != null) {
      connected.shutdown();
      py4j = null;
      control = null;
    }
  }
}
