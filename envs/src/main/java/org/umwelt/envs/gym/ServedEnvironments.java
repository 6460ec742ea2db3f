package org.umwelt.envs.gym;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.envs.vector.ParallelVectorEnvironment;

/**
 * n environments that a Python process steps: they write straight into the memory both map. A
 * thread waits for bytes on a named pipe, {@link PythonWorker#STEP} or {@link PythonWorker#RESET},
 * and answers each by {@link PythonWorker#DONE} or {@link PythonWorker#FAILED} on another; the end
 * of the first closes the environments.
 */
final class ServedEnvironments {
  private final List<Environment> environments;
  private final ParallelVectorEnvironment rows;
  private final BridgeMemory memory;
  private final boolean renders;

  private ServedEnvironments(
      List<Environment> environments,
      ParallelVectorEnvironment rows,
      BridgeMemory memory,
      boolean renders) {
    this.environments = environments;
    this.rows = rows;
    this.memory = memory;
    this.renders = renders;
  }

  /**
   * Makes them and starts their thread.
   *
   * @param closed told when they are closed
   */
  static ServedEnvironments open(JsonNode request, Runnable closed) throws IOException {
    String id = request.path("id").asText();
    int size = request.path("size").asInt();
    List<Environment> environments = new ArrayList<>();
    try {
      for (int row = 0; row < size; row++) {
        environments.add(Environments.make(id));
      }
      Environment one = environments.getFirst();
      BridgeMemory memory =
          BridgeMemory.create(one.observationSpace(), one.actionSpace(), one.infoSpace(), size, 1);
      ParallelVectorEnvironment rows =
          new ParallelVectorEnvironment(
              environments,
              request.path("threads").asInt(),
              AutoresetMode.valueOf(request.path("autoreset").asText()),
              memory.actions(),
              memory.steps());
      ServedEnvironments served = new ServedEnvironments(environments, rows, memory, renders(one));
      String commands = request.path("commands").asText();
      String answers = request.path("answers").asText();
      Thread.ofPlatform()
          .daemon()
          .name("umwelt-served-" + id)
          .start(() -> served.serve(commands, answers, closed));
      return served;
    } catch (IOException | RuntimeException e) {
      environments.forEach(Environment::close);
      throw e;
    }
  }

  /** A first episode is begun to find out; Python's first reset begins another, seeded. */
  private static boolean renders(Environment environment) {
    environment.reset(Reset.seeded(0), Step.allocate(environment));
    try {
      environment.render();
      return true;
    } catch (UnsupportedOperationException _) {
      return false;
    }
  }

  ObjectNode description() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("memory", memory.file().toString()).put("renders", renders);
    node.put("observation_space", SpaceJson.writeCompact(rows.singleObservationSpace()));
    node.put("action_space", SpaceJson.writeCompact(rows.singleActionSpace()));
    node.put("info_space", SpaceJson.writeCompact(rows.singleInfoSpace()));
    return node;
  }

  void attached() throws IOException {
    memory.unlink();
  }

  private void serve(String commandPipe, String answerPipe, Runnable closed) {
    // Both sides open the pipe of commands first; each waits for the other.
    try (InputStream commands = new FileInputStream(commandPipe);
        OutputStream answers = new FileOutputStream(answerPipe)) {
      for (int command = commands.read(); command >= 0; command = commands.read()) {
        answers.write(obey(command));
      }
    } catch (IOException _) {
      // Python is gone.
    } finally {
      closed.run();
      rows.close();
    }
  }

  private byte obey(int command) {
    try {
      switch (command) {
        case PythonWorker.STEP -> rows.step();
        case PythonWorker.RESET -> reset(Map.of());
        default -> throw new IllegalArgumentException("unknown command " + command);
      }
      return PythonWorker.DONE;
    } catch (RuntimeException | Error e) {
      memory.putText(0, e instanceof Error ? e.toString() : String.valueOf(e.getMessage()));
      return PythonWorker.FAILED;
    }
  }

  void reset(Map<String, Object> options) {
    @Nullable Reset[] resets = new Reset[rows.size()];
    for (int row = 0; row < resets.length; row++) {
      long seed = memory.resetSeeds().getAtIndex(ValueLayout.JAVA_LONG, row);
      if (memory.resetMask().get(ValueLayout.JAVA_BYTE, row) != 0) {
        resets[row] = new Reset(seed < 0 ? OptionalLong.empty() : OptionalLong.of(seed), options);
      }
    }
    rows.resetEach(resets);
  }

  ArrayNode render(int row, String path) throws IOException {
    Frame frame = environments.get(row).render();
    Files.write(Path.of(path), frame.rgb(), StandardOpenOption.WRITE);
    return JsonNodeFactory.instance.arrayNode().add(frame.height()).add(frame.width()).add(3);
  }
}
