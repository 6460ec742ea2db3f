package org.umwelt.agents.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;

/** Which training weights come from, as far as the folders around them say. */
final class TrainingRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "config.json";
  private static final String PROVENANCE = "provenance.json";
  private static final int DEPTH = 3; // run/checkpoints/epoch-000001/file

  private TrainingRun() {}

  /**
   * Returns experiment, seed and revision of the run, and the checkpoint; what is not known is left
   * out.
   *
   * @param weights a file in a checkpoint, or anywhere else
   */
  static ObjectNode of(Path weights) {
    ObjectNode run = JsonNodeFactory.instance.objectNode();
    Path checkpoint = weights.toAbsolutePath().getParent();
    Path folder = checkpoint;
    for (int i = 0; i < DEPTH && folder != null; i++) {
      if (folder.resolve(CONFIG).toFile().isFile()) {
        JsonNode config = read(folder.resolve(CONFIG));
        copy(config, "experiment", run);
        copy(config, "seed", run);
        JsonNode sessions = read(folder.resolve(PROVENANCE)).path("sessions");
        copy(sessions.path(sessions.size() - 1).path("git"), "revision", run);
        if (checkpoint != null && !checkpoint.equals(folder)) {
          run.put("checkpoint", String.valueOf(checkpoint.getFileName()));
        }
        return run;
      }
      folder = folder.getParent();
    }
    return run;
  }

  private static void copy(JsonNode from, String key, ObjectNode to) {
    if (from.has(key)) {
      to.set(key, from.get(key));
    }
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException _) {
      return JsonNodeFactory.instance.objectNode(); // a remark only, and not worth a refusal
    }
  }
}
