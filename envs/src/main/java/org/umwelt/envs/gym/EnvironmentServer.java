package org.umwelt.envs.gym;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.umwelt.envs.registry.EnvironmentEntry;
import org.umwelt.envs.registry.Environments;
import org.umwelt.kernels.settings.BadRequestException;
import py4j.GatewayServer;

/**
 * Serves the environments of the registry to the Python process whose child this JVM is: the other
 * side of the Python package {@code umwelt}.
 *
 * <p>Python writes a line {@code {"protocol": 1, "token": ...}} to stdin and reads a line {@code
 * {"protocol": 1, "port": ...}} from stdout; the end of stdin ends the server. The public methods
 * are called through Py4J, strings in and strings out: {@code {"value": ...}}, or {@code {"error":
 * message, "refused": whether it was a bad request}}. Steps and resets are bytes through two named
 * pipes per {@link ServedEnvironments}.
 */
public final class EnvironmentServer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<Integer, ServedEnvironments> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();

  private EnvironmentServer() {}

  /** What a call does. */
  @FunctionalInterface
  private interface Body {
    JsonNode run() throws IOException;
  }

  /**
   * Serves until {@code in} ends.
   *
   * @throws BadRequestException where nobody who speaks our protocol is at the other end
   */
  public static void serve(InputStream in, PrintStream out) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    String greeting = lines.readLine();
    JsonNode wanted = greeting == null ? JsonNodeFactory.instance.nullNode() : parse(greeting);
    if (wanted.path("protocol").asInt(-1) != BridgeMemory.PROTOCOL) {
      throw new BadRequestException(
          "expected a line {\"protocol\": %d, \"token\": ...} on stdin, as the Python package umwelt of this release writes it, got %s"
              .formatted(
                  BridgeMemory.PROTOCOL,
                  greeting == null ? "nothing" : "protocol " + wanted.path("protocol")));
    }
    GatewayServer gateway =
        new GatewayServer.GatewayServerBuilder(new EnvironmentServer())
            .javaAddress(InetAddress.getLoopbackAddress())
            .javaPort(0)
            .authToken(wanted.path("token").asText())
            .build();
    gateway.start();
    ObjectNode hello = JsonNodeFactory.instance.objectNode();
    hello.put("protocol", BridgeMemory.PROTOCOL).put("port", gateway.getListeningPort());
    out.println(hello);
    out.flush();
    while (lines.readLine() != null) {
      // Nothing more is said; its end says that Python is gone.
    }
    gateway.shutdown();
  }

  /** Serves stdin and stdout; the launcher's command {@code serve} does the same. */
  public static void main(String[] args) throws IOException {
    serve(System.in, System.out);
    System.exit(0); // Py4J's threads must not keep the process
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new BadRequestException("expected JSON, got " + e.getOriginalMessage(), e);
    }
  }

  private static String answer(Body body) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    try {
      node.set("value", body.run());
    } catch (BadRequestException | IllegalArgumentException | UnsupportedOperationException e) {
      node.put("error", String.valueOf(e.getMessage())).put("refused", true);
    } catch (IOException | RuntimeException | LinkageError e) {
      node.put("error", e.toString()).put("refused", false);
    }
    return node.toString();
  }

  /** Returns every id that can be listed, with one line each. */
  public String environments() {
    return answer(() -> {
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      for (EnvironmentEntry entry : Environments.entries()) {
        all.addObject().put("id", entry.id()).put("summary", entry.summary());
      }
      return all;
    });
  }

  /**
   * Makes environments: {@code {"id", "size", "threads", "autoreset", "commands", "answers"}}, the
   * last two paths of named pipes. Returns {@code {"session", "memory", "observation_space",
   * "action_space", "info_space", "renders"}}, the spaces as text that is JSON itself.
   */
  public String open(String request) {
    return answer(() -> {
      int session = next.incrementAndGet();
      ServedEnvironments served =
          ServedEnvironments.open(parse(request), () -> sessions.remove(session));
      sessions.put(session, served);
      return served.description().put("session", session);
    });
  }

  /** Notes that Python has mapped the memory, whose file is then deleted. */
  public String attached(String session) {
    return answer(() -> {
      session(session).attached();
      return JsonNodeFactory.instance.nullNode();
    });
  }

  /** Resets the rows of the mask with options, a JSON object. */
  public String reset(String session, String options) {
    return answer(() -> {
      session(session)
          .reset(JSON.convertValue(parse(options), new TypeReference<Map<String, Object>>() {}));
      return JsonNodeFactory.instance.nullNode();
    });
  }

  /** Writes a picture of a row, u8 [height, width, 3], into a file; returns its shape. */
  public String render(String session, String row, String path) {
    return answer(() -> session(session).render(Integer.parseInt(row), path));
  }

  private ServedEnvironments session(String number) {
    ServedEnvironments served = sessions.get(Integer.valueOf(number));
    if (served == null) {
      throw new IllegalArgumentException("there is no session " + number);
    }
    return served;
  }
}
