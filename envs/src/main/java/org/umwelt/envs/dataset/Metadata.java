package org.umwelt.envs.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.Zstd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.SpaceJson;
import org.umwelt.envs.spaces.Tuple;

/** {@code metadata.json} of data sets and of episodes, in Minari's keys and ours. */
final class Metadata {
  static final String FILE = "metadata.json";

  /** The first version that reads pictures stored as they are. */
  private static final String VERSION_FOR_PICTURES = "0.5.4";

  private static final String VERSION = "0.5.3";
  private static final int PACKED_LEVEL = 3;

  /** A description is text that compresses well; this bounds what a damaged size can ask for. */
  private static final int MAXIMUM_DESCRIPTION_BYTES = 256 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Metadata() {}

  /** Returns what {@link #description} reads. */
  private static ObjectNode compact(DatasetDescription description) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("dataset_id", description.datasetId());
    node.put("algorithm_name", description.algorithm());
    description.authors().forEach(node.putArray("author")::add);
    node.put("code_permalink", description.codePermalink());
    node.put("umwelt_environment", description.environment());
    node.put("umwelt_observation_space", SpaceJson.writeCompact(description.observationSpace()));
    node.put("umwelt_action_space", SpaceJson.writeCompact(description.actionSpace()));
    node.put("umwelt_info_space", SpaceJson.writeCompact(description.infoSpace()));
    return node;
  }

  /** Returns the part of a data set's metadata that says what was recorded. */
  static ObjectNode describe(DatasetDescription description) {
    ObjectNode node = compact(description);
    boolean pictures =
        hasPictures(description.observationSpace()) || hasPictures(description.actionSpace());
    node.put("minari_version", pictures ? VERSION_FOR_PICTURES : VERSION);
    node.put("jpeg_encoding", false);
    node.put("observation_space", SpaceJson.write(description.observationSpace()));
    node.put("action_space", SpaceJson.write(description.actionSpace()));
    Environments.gymnasiumSpec(description.environment())
        .ifPresent(spec -> node.put("env_spec", spec));
    return node;
  }

  /** Returns whether a leaf of the space is what Minari takes for a picture. */
  static boolean hasPictures(Space space) {
    return switch (space) {
      case Box box -> box.isImage();
      case Dict dict -> dict.spaces().values().stream().anyMatch(Metadata::hasPictures);
      case Tuple tuple -> tuple.spaces().stream().anyMatch(Metadata::hasPictures);
      default -> false;
    };
  }

  /**
   * Reads what {@link #describe} wrote.
   *
   * @throws IllegalArgumentException where the text is something else
   */
  static DatasetDescription description(JsonNode node) {
    if (!(SpaceJson.read(text(node, "umwelt_info_space")) instanceof Dict infoSpace)) {
      throw new IllegalArgumentException("umwelt_info_space is not a Dict");
    }
    List<String> authors = new ArrayList<>();
    node.path("author").forEach(author -> authors.add(author.asText()));
    return new DatasetDescription(
        text(node, "dataset_id"),
        text(node, "umwelt_environment"),
        text(node, "algorithm_name"),
        SpaceJson.read(text(node, "umwelt_observation_space")),
        SpaceJson.read(text(node, "umwelt_action_space")),
        infoSpace,
        authors,
        text(node, "code_permalink"));
  }

  private static String text(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("the key " + key + " is missing");
    }
    return value.asText();
  }

  /**
   * Parses JSON.
   *
   * @throws IllegalArgumentException where it is not JSON
   */
  static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /** Returns a description as compressed bytes. */
  static byte[] pack(DatasetDescription description) {
    return Zstd.compress(
        compact(description).toString().getBytes(StandardCharsets.UTF_8), PACKED_LEVEL);
  }

  /** Reads what {@link #pack} wrote; null where that cannot be. */
  static @Nullable DatasetDescription unpack(byte[] packed) {
    long bytes = Zstd.getFrameContentSize(packed);
    if (bytes <= 0 || bytes > MAXIMUM_DESCRIPTION_BYTES) {
      return null;
    }
    try {
      byte[] text = Zstd.decompress(packed, (int) bytes);
      return description(parse(new String(text, StandardCharsets.UTF_8)));
    } catch (RuntimeException _) {
      return null;
    }
  }

  /** Returns the metadata of an episode: Minari's keys, then ours. */
  static ObjectNode describe(EpisodeSummary summary) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", summary.index());
    node.put("total_steps", summary.steps());
    node.put("seed", summary.seed());
    node.put("return", summary.totalReward());
    node.put("terminated", summary.terminated());
    node.put("truncated", summary.truncated());
    node.put("frames", summary.frames());
    return node;
  }
}
