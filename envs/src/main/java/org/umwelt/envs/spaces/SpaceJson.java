package org.umwelt.envs.spaces;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/** Spaces in the JSON notation of Minari 0.5. */
public final class SpaceJson {
  /** Infinite bounds are Python's bare tokens Infinity and -Infinity, as NumPy users expect. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private SpaceJson() {}

  /** Returns the space as JSON text. */
  public static String write(Space space) {
    try {
      return JSON.writeValueAsString(toJson(space));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a space.
   *
   * @throws IllegalArgumentException where the text is not a space in Minari's notation
   */
  public static Space read(String text) {
    try {
      return fromJson(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "expected a space in Minari's JSON notation: " + e.getOriginalMessage(), e);
    }
  }

  /** Returns the space as a JSON tree. */
  public static ObjectNode toJson(Space space) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    switch (space) {
      case Box box -> {
        node.put("type", "Box").put("dtype", box.dtype().numpyName());
        node.set("shape", shape(box.shape()));
        node.set("low", nested(box.shape(), i -> number(box.dtype(), box.low(i))));
        node.set("high", nested(box.shape(), i -> number(box.dtype(), box.high(i))));
      }
      case Discrete discrete ->
          node.put("type", "Discrete")
              .put("dtype", "int64")
              .put("start", discrete.start())
              .put("n", discrete.n());
      case MultiDiscrete many -> {
        node.put("type", "MultiDiscrete").put("dtype", "int64");
        node.set(
            "nvec",
            nested(many.shape(), i -> JsonNodeFactory.instance.numberNode(many.nvec().get(i))));
        node.set(
            "start",
            nested(many.shape(), i -> JsonNodeFactory.instance.numberNode(many.start().get(i))));
      }
      case MultiBinary binary -> {
        node.put("type", "MultiBinary");
        node.set("n", shape(binary.shape()));
      }
      case Dict dict -> {
        ObjectNode subspaces = node.put("type", "Dict").putObject("subspaces");
        dict.spaces().forEach((key, subspace) -> subspaces.set(key, toJson(subspace)));
      }
      case Tuple tuple -> {
        ArrayNode subspaces = node.put("type", "Tuple").putArray("subspaces");
        tuple.spaces().forEach(subspace -> subspaces.add(toJson(subspace)));
      }
      case Text text ->
          node.put("type", "Text")
              .put("max_length", text.maxLength())
              .put("min_length", text.minLength())
              .put("charset", text.charset());
    }
    return node;
  }

  /** Reads a space from a JSON tree. */
  public static Space fromJson(JsonNode node) {
    String type = required(node, "type").asText();
    return switch (type) {
      case "Box" -> {
        List<Integer> shape = integers(required(node, "shape"));
        yield new Box(
            DType.of(required(node, "dtype").asText()),
            shape,
            bounds(required(node, "low")),
            bounds(required(node, "high")));
      }
      case "Discrete" -> new Discrete(required(node, "n").asLong(), node.path("start").asLong(0));
      case "MultiDiscrete" -> {
        JsonNode nvec = required(node, "nvec");
        List<Long> counts = flat(nvec, JsonNode::asLong);
        if (counts.isEmpty()) {
          throw new IllegalArgumentException("expected nvec with elements, got " + nvec);
        }
        yield new MultiDiscrete(
            extents(nvec),
            counts,
            node.has("start")
                ? flat(node.get("start"), JsonNode::asLong)
                : counts.stream().map(_ -> 0L).toList());
      }
      case "MultiBinary" -> {
        JsonNode n = required(node, "n");
        yield new MultiBinary(n.isArray() ? integers(n) : List.of(n.asInt()));
      }
      case "Dict" -> {
        SequencedMap<String, Space> subspaces = new LinkedHashMap<>();
        required(node, "subspaces")
            .properties()
            .forEach(entry -> subspaces.put(entry.getKey(), fromJson(entry.getValue())));
        yield new Dict(subspaces);
      }
      case "Tuple" -> {
        List<Space> subspaces = new ArrayList<>();
        required(node, "subspaces").forEach(subspace -> subspaces.add(fromJson(subspace)));
        yield new Tuple(subspaces);
      }
      case "Text" ->
          new Text(
              required(node, "min_length").asInt(),
              required(node, "max_length").asInt(),
              required(node, "charset").asText());
      default -> throw new IllegalArgumentException("unknown space type " + type);
    };
  }

  private static JsonNode required(JsonNode node, String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "expected a space with the key %s, got %s".formatted(key, node));
    }
    return value;
  }

  private static JsonNode number(DType dtype, double value) {
    return dtype.isFloat()
        ? JsonNodeFactory.instance.numberNode(value)
        : JsonNodeFactory.instance.numberNode((long) value);
  }

  private static ArrayNode shape(List<Integer> shape) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    shape.forEach(array::add);
    return array;
  }

  private static JsonNode nested(List<Integer> shape, Function<Integer, JsonNode> element) {
    return nested(shape, 0, new int[1], element);
  }

  private static JsonNode nested(
      List<Integer> shape, int axis, int[] next, Function<Integer, JsonNode> element) {
    if (axis == shape.size()) {
      return element.apply(next[0]++);
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < shape.get(axis); i++) {
      array.add(nested(shape, axis + 1, next, element));
    }
    return array;
  }

  private static List<Integer> integers(JsonNode array) {
    List<Integer> integers = flat(array, JsonNode::asInt);
    if (integers.stream().anyMatch(extent -> extent < 0)) {
      throw new IllegalArgumentException("expected extents >= 0, got " + array);
    }
    return integers;
  }

  private static List<Double> bounds(JsonNode node) {
    return flat(node, JsonNode::asDouble);
  }

  private static List<Integer> extents(JsonNode array) {
    List<Integer> extents = new ArrayList<>();
    for (JsonNode level = array; level.isArray(); level = level.get(0)) {
      extents.add(level.size());
    }
    return extents;
  }

  private static <T> List<T> flat(JsonNode node, Function<JsonNode, T> element) {
    List<T> flat = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(child -> flat.addAll(flat(child, element)));
    } else {
      flat.add(element.apply(node));
    }
    return flat;
  }
}
