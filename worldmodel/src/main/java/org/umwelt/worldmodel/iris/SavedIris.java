package org.umwelt.worldmodel.iris;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.weights.Safetensors;
import org.umwelt.kernels.weights.StoredTensor;
import org.umwelt.kernels.weights.TorchStateDict;
import org.umwelt.kernels.weights.WeightFile;

/**
 * The weights of an IRIS agent in a file, with what is needed to build its networks.
 *
 * <p>Our own files are safetensors whose metadata hold the sizes; a published {@code .pt} has them
 * in the shapes of its entries. Names are those of the reference implementation in both.
 *
 * @param file where the weights come from
 * @param weights every entry by name
 * @param sizes of tokenizer and transformer
 * @param hidden size of the policy's LSTM
 * @param environment id it was trained in; empty where the file does not say
 */
public record SavedIris(
    Path file,
    Map<String, StoredTensor> weights,
    IrisWorld.Sizes sizes,
    int hidden,
    String environment) {

  /** Name of the file in a checkpoint. */
  public static final String FILE = "agent.safetensors";

  private static final String FORMAT = "iris";
  private static final String CONFIG = "config";
  private static final Pattern CHECKPOINT = Pattern.compile("epoch-\\d{6,9}");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int HEAD_SIZE = 64;

  /**
   * Reads the weights of a run, of a checkpoint, or of a file.
   *
   * @param path a run folder (its newest checkpoint is taken), a checkpoint folder, a safetensors
   *     file or a PyTorch {@code .pt}
   * @return empty where there is nothing of IRIS
   * @throws BadRequestException where there is, but it cannot be read
   */
  public static Optional<SavedIris> open(Path path) {
    try {
      Optional<Path> file = locate(path);
      if (file.isEmpty()) {
        return Optional.empty();
      }
      Path found = file.get();
      if (found.toString().endsWith(".pt")) {
        return Optional.of(published(found, readWeights(found)));
      }
      WeightFile weights = Safetensors.read(found);
      return FORMAT.equals(weights.metadata().get("format"))
          ? Optional.of(own(found, weights))
          : Optional.empty();
    } catch (IOException e) {
      throw new BadRequestException("cannot read %s (%s)".formatted(path, e), e);
    }
  }

  /**
   * Reads every entry of a safetensors file or a PyTorch {@code .pt}.
   *
   * @throws BadRequestException where it cannot be read
   */
  public static Map<String, StoredTensor> readWeights(Path file) {
    try {
      return (file.toString().endsWith(".pt") ? TorchStateDict.read(file) : Safetensors.read(file))
          .tensors();
    } catch (IOException e) {
      throw new BadRequestException("cannot read %s (%s)".formatted(file, e), e);
    }
  }

  private static Optional<Path> locate(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      String name = path.toString();
      return name.endsWith(".pt") || name.endsWith(".safetensors")
          ? Optional.of(path)
          : Optional.empty();
    }
    if (Files.exists(path.resolve(FILE))) {
      return Optional.of(path.resolve(FILE));
    }
    Path checkpoints = path.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(checkpoints)) {
      return folders
          .filter(folder -> CHECKPOINT.matcher(String.valueOf(folder.getFileName())).matches())
          .filter(folder -> Files.exists(folder.resolve(FILE)))
          .max(Comparator.comparing(folder -> String.valueOf(folder.getFileName())))
          .map(folder -> folder.resolve(FILE));
    }
  }

  /** Writes weights crash-safely. */
  public static void write(
      Path file,
      SequencedMap<String, StoredTensor> weights,
      IrisWorld.Sizes sizes,
      int hidden,
      String environment)
      throws IOException {
    ObjectNode config = MAPPER.createObjectNode();
    TokenizerConfig tokenizer = sizes.tokenizer();
    ObjectNode t = config.putObject("tokenizer");
    t.put("resolution", tokenizer.resolution());
    t.put("channels", tokenizer.channels());
    t.set("multipliers", MAPPER.valueToTree(tokenizer.multipliers()));
    t.put("residual_blocks", tokenizer.residualBlocks());
    t.set("attention", MAPPER.valueToTree(tokenizer.attentionResolutions()));
    t.put("latent", tokenizer.latentChannels());
    t.put("vocabulary", tokenizer.vocabulary());
    t.put("code_size", tokenizer.codeSize());
    WorldModelConfig model = sizes.worldModel();
    ObjectNode w = config.putObject("world_model");
    w.put("steps", model.maxBlocks());
    w.put("layers", model.layers());
    w.put("heads", model.heads());
    w.put("width", model.width());
    w.put("dropout", model.dropout());
    config.put("actions", sizes.actions());
    config.put("hidden", hidden);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put(CONFIG, config.toString());
    metadata.put("environment", environment);
    Safetensors.write(file, new WeightFile(weights, metadata));
  }

  private static SavedIris own(Path file, WeightFile weights) {
    try {
      JsonNode config = MAPPER.readTree(weights.metadata().getOrDefault(CONFIG, ""));
      JsonNode t = config.path("tokenizer");
      JsonNode w = config.path("world_model");
      IrisWorld.Sizes sizes =
          new IrisWorld.Sizes(
              new TokenizerConfig(
                  t.path("resolution").asInt(),
                  t.path("channels").asInt(),
                  integers(t.path("multipliers")),
                  t.path("residual_blocks").asInt(),
                  integers(t.path("attention")),
                  t.path("latent").asInt(),
                  t.path("vocabulary").asInt(),
                  t.path("code_size").asInt()),
              new WorldModelConfig(
                  w.path("steps").asInt(),
                  w.path("layers").asInt(),
                  w.path("heads").asInt(),
                  w.path("width").asInt(),
                  w.path("dropout").asDouble()),
              config.path("actions").asInt());
      return new SavedIris(
          file,
          weights.tensors(),
          sizes,
          config.path("hidden").asInt(),
          weights.metadata().getOrDefault("environment", ""));
    } catch (JsonProcessingException | BadRequestException e) { // the sizes are refused too
      throw new BadRequestException(
          "%s: expected the sizes of an IRIS agent in its metadata, got %s"
              .formatted(file, weights.metadata()),
          e);
    }
  }

  private static List<Integer> integers(JsonNode array) {
    List<Integer> all = new ArrayList<>();
    array.forEach(number -> all.add(number.asInt()));
    return all;
  }

  /**
   * Reads the sizes off the shapes of a published checkpoint, whose multipliers are 1 and whose
   * attention stands at half and a quarter of the second level, as in the paper.
   */
  static SavedIris published(Path file, Map<String, StoredTensor> weights) {
    Shapes shapes = new Shapes(file, weights);
    int levels = shapes.count("tokenizer.encoder.down.%d.block.0.conv1.weight");
    TokenizerConfig paper = TokenizerConfig.paper();
    TokenizerConfig tokenizer =
        new TokenizerConfig(
            paper.resolution(),
            shapes.size("tokenizer.encoder.conv_in.weight", 0),
            Collections.nCopies(levels, 1),
            shapes.count("tokenizer.encoder.down.0.block.%d.conv1.weight"),
            paper.attentionResolutions(),
            shapes.size("tokenizer.encoder.conv_out.weight", 0),
            shapes.size("tokenizer.embedding.weight", 0),
            shapes.size("tokenizer.embedding.weight", 1));
    int width = shapes.size("world_model.pos_emb.weight", 1);
    int tokens = shapes.size("world_model.pos_emb.weight", 0);
    WorldModelConfig model =
        new WorldModelConfig(
            tokens / (tokenizer.tokens() + 1),
            shapes.count("world_model.transformer.blocks.%d.ln1.weight"),
            Math.max(1, width / HEAD_SIZE),
            width,
            WorldModelConfig.paper().dropout());
    IrisWorld.Sizes sizes =
        new IrisWorld.Sizes(
            tokenizer, model, shapes.size("world_model.embedder.embedding_tables.0.weight", 0));
    return new SavedIris(file, weights, sizes, shapes.size("actor_critic.lstm.weight_hh", 1), "");
  }

  /** Shapes of entries, with errors that name them. */
  private record Shapes(Path file, Map<String, StoredTensor> weights) {
    int size(String name, int dimension) {
      StoredTensor tensor = weights.get(name);
      if (tensor == null) {
        throw new BadRequestException(
            "%s: expected the entry %s of an IRIS agent, there is none".formatted(file, name));
      }
      if (tensor.shape().size() <= dimension) {
        throw new BadRequestException(
            "%s: expected entry %s to have more than %d dimensions, got shape %s"
                .formatted(file, name, dimension, tensor.shape()));
      }
      return Math.toIntExact(tensor.shape().get(dimension));
    }

    /** Counts entries numbered from 0. */
    int count(String pattern) {
      int count = 0;
      while (weights.containsKey(pattern.formatted(count))) {
        count++;
      }
      if (count == 0) {
        size(pattern.formatted(0), 0);
      }
      return count;
    }
  }
}
