package org.umwelt.worldmodel.iris;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final int LARGEST_SIZE = 1 << 20;
  private static final int LARGEST_FACTOR = 1024; // of resolutions and multipliers

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

  /** Returns whether there may be weights of IRIS at a path; they are not read. */
  public static boolean isAt(Path path) {
    try {
      return locate(path).isPresent();
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Reads the weights of a path as a user wrote it, where there must be some.
   *
   * @param asked what was asked for, for messages
   * @throws BadRequestException where there are none, or they cannot be read
   */
  public static SavedIris require(String path, String asked) {
    try {
      Optional<SavedIris> saved = path.isBlank() ? Optional.empty() : open(Path.of(path));
      if (saved.isPresent()) {
        return saved.get();
      }
    } catch (InvalidPathException _) {
      // named below
    }
    throw new BadRequestException(
        "%s: expected a run of umwelt train iris with a checkpoint, a checkpoint, an %s or a published .pt, found none at \"%s\""
            .formatted(asked, FILE, path));
  }

  /**
   * Checks the shape of an entry.
   *
   * @throws BadRequestException where it is another, or there is no such entry
   */
  public void requireShape(String entry, Long... shape) {
    new Shapes(file, weights).require(entry, shape);
  }

  /** Returns the SHA-256 of the file, as {@code sha256:...}. */
  public String digest() {
    try (InputStream in = Files.newInputStream(file);
        DigestInputStream digesting =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digesting.transferTo(OutputStream.nullOutputStream());
      return "sha256:" + HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (IOException e) {
      throw new BadRequestException("cannot read %s (%s)".formatted(file, e), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
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
    IrisWorld.Sizes sizes;
    int hidden;
    try {
      JsonNode config = MAPPER.readTree(weights.metadata().getOrDefault(CONFIG, ""));
      sizes = sizes(config);
      hidden = size(config, "hidden");
    } catch (JsonProcessingException | BadRequestException e) { // the sizes are refused too
      throw new BadRequestException(
          "%s: expected the sizes of an IRIS agent in its metadata, got %s (%s)"
              .formatted(file, weights.metadata(), firstLine(e)),
          e);
    }
    new Shapes(file, weights.tensors()).require(sizes);
    return new SavedIris(
        file, weights.tensors(), sizes, hidden, weights.metadata().getOrDefault("environment", ""));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static IrisWorld.Sizes sizes(JsonNode config) {
    JsonNode t = config.path("tokenizer");
    JsonNode w = config.path("world_model");
    return new IrisWorld.Sizes(
        new TokenizerConfig(
            size(t, "resolution", LARGEST_FACTOR),
            size(t, "channels"),
            sizes(t, "multipliers"),
            size(t, "residual_blocks"),
            sizes(t, "attention"),
            size(t, "latent"),
            size(t, "vocabulary"),
            size(t, "code_size")),
        new WorldModelConfig(
            size(w, "steps"),
            size(w, "layers"),
            size(w, "heads"),
            size(w, "width"),
            w.path("dropout").asDouble()),
        size(config, "actions"));
  }

  private static int size(JsonNode config, String name) {
    return size(config, name, LARGEST_SIZE);
  }

  private static int size(JsonNode config, String name, int most) {
    return number(name, config.path(name), most);
  }

  private static List<Integer> sizes(JsonNode config, String name) {
    List<Integer> all = new ArrayList<>();
    config.path(name).forEach(each -> all.add(number(name, each, LARGEST_FACTOR)));
    return all;
  }

  private static int number(String name, JsonNode number, int most) {
    if (!number.isInt() || number.asInt() < 1 || number.asInt() > most) {
      throw new BadRequestException(
          "%s must be a whole number from 1 to %d, not %s"
              .formatted(name, most, number.isMissingNode() ? "missing" : number));
    }
    return number.asInt();
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
    int hidden = shapes.size("actor_critic.lstm.weight_hh", 1);
    shapes.require(sizes);
    return new SavedIris(file, weights, sizes, hidden, "");
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
      long size = tensor.shape().get(dimension);
      if (size < 1 || size > Integer.MAX_VALUE) {
        throw new BadRequestException(
            "%s: expected entry %s to have dimension %d in 1 to %d, got shape %s"
                .formatted(file, name, dimension, Integer.MAX_VALUE, tensor.shape()));
      }
      return (int) size;
    }

    /**
     * Checks the world's entries that bound all others, so that networks are only ever built about
     * as large as the file; loading names any other that differs.
     */
    void require(IrisWorld.Sizes sizes) {
      TokenizerConfig t = sizes.tokenizer();
      long channels = t.channels();
      require("tokenizer.encoder.conv_in.weight", channels, 3L, 3L, 3L);
      for (int level = 0; level < t.multipliers().size(); level++) {
        long width = channels * t.multipliers().get(level);
        for (int block = 0; block < t.residualBlocks(); block++) {
          require(
              "tokenizer.encoder.down.%d.block.%d.conv2.weight".formatted(level, block),
              width,
              width,
              3L,
              3L);
        }
      }
      long last = channels * t.multipliers().getLast();
      long latent = t.latentChannels();
      require("tokenizer.encoder.conv_out.weight", latent, last, 3L, 3L);
      require("tokenizer.pre_quant_conv.weight", (long) t.codeSize(), latent, 1L, 1L);
      require("tokenizer.embedding.weight", (long) t.vocabulary(), (long) t.codeSize());
      WorldModelConfig w = sizes.worldModel();
      long width = w.width();
      require("world_model.pos_emb.weight", w.maxBlocks() * (t.tokens() + 1L), width);
      require("world_model.embedder.embedding_tables.0.weight", (long) sizes.actions(), width);
      require("world_model.embedder.embedding_tables.1.weight", (long) t.vocabulary(), width);
      for (int layer = 0; layer < w.layers(); layer++) {
        require(
            "world_model.transformer.blocks.%d.mlp.0.weight".formatted(layer), 4 * width, width);
      }
    }

    void require(String name, Long... shape) {
      size(name, 0);
      List<Long> found = Objects.requireNonNull(weights.get(name)).shape();
      if (!found.equals(List.of(shape))) {
        throw new BadRequestException(
            "%s: expected entry %s to have shape %s, got %s"
                .formatted(file, name, List.of(shape), found));
      }
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
