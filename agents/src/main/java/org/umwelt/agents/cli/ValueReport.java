package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Leaf;
import org.umwelt.envs.spaces.Space;
import org.umwelt.envs.spaces.Text;
import org.umwelt.envs.spaces.Tuple;
import org.umwelt.envs.spaces.Value;

/**
 * Says what a value of any space holds: small tensors in full, large ones by type, shape, smallest,
 * largest and mean element and the CRC-32 of their bytes.
 */
final class ValueReport {
  private static final int IN_FULL = 16;

  private ValueReport() {}

  /**
   * One line per part.
   *
   * @param name of the part; empty for the whole
   * @param text what it holds
   */
  record Line(String name, String text) {}

  /** Returns a line for every part of the value. */
  static List<Line> lines(Value value) {
    List<Line> lines = new ArrayList<>();
    parts(
        value.space(),
        "",
        0,
        (name, space, leaf) -> lines.add(new Line(name, text(value, space, leaf))));
    return lines;
  }

  /** Returns an object with every part of the value under its name. */
  static ObjectNode json(Value value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    parts(value.space(), "", 0, (name, space, leaf) -> object.set(name, json(value, space, leaf)));
    return object;
  }

  /** Returns the only part of a value that is not a Dict or Tuple, and an object otherwise. */
  static JsonNode jsonOf(Value value) {
    return value.space() instanceof Dict || value.space() instanceof Tuple
        ? json(value)
        : json(value, value.space(), 0);
  }

  @FunctionalInterface
  private interface PartVisitor {
    void visit(String name, Space space, int leaf);
  }

  private static void parts(Space space, String name, int firstLeaf, PartVisitor visitor) {
    int leaf = firstLeaf;
    switch (space) {
      case Dict dict -> {
        for (var part : dict.spaces().entrySet()) {
          parts(
              part.getValue(),
              name.isEmpty() ? part.getKey() : name + "." + part.getKey(),
              leaf,
              visitor);
          leaf += part.getValue().leaves().size();
        }
      }
      case Tuple tuple -> {
        for (int i = 0; i < tuple.spaces().size(); i++) {
          parts(tuple.spaces().get(i), name + "[" + i + "]", leaf, visitor);
          leaf += tuple.spaces().get(i).leaves().size();
        }
      }
      default -> visitor.visit(name, space, leaf);
    }
  }

  private static String text(Value value, Space space, int leaf) {
    if (space instanceof Text text) {
      return '"' + text.decode(value.leaf(leaf)) + '"';
    }
    Leaf layout = value.layout().get(leaf);
    if (layout.elements() > IN_FULL) {
      Summary summary = Summary.of(layout, value.leaf(leaf));
      return "%s %s, %s to %s, mean %s, crc32 %s"
          .formatted(
              layout.dtype().numpyName(),
              layout.shape(),
              Recording.number(summary.min),
              Recording.number(summary.max),
              String.format(Locale.ROOT, "%.4g", summary.mean),
              summary.crc32);
    }
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < layout.elements(); i++) {
      elements.add(element(layout.dtype(), value.leaf(leaf), i).asText());
    }
    return layout.shape().isEmpty() ? elements.getFirst() : elements.toString();
  }

  private static JsonNode json(Value value, Space space, int leaf) {
    if (space instanceof Text text) {
      return JsonNodeFactory.instance.textNode(text.decode(value.leaf(leaf)));
    }
    Leaf layout = value.layout().get(leaf);
    if (layout.elements() > IN_FULL) {
      Summary summary = Summary.of(layout, value.leaf(leaf));
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      object.put("dtype", layout.dtype().numpyName());
      ArrayNode shape = object.putArray("shape");
      layout.shape().forEach(shape::add);
      return object
          .put("min", summary.min)
          .put("max", summary.max)
          .put("mean", summary.mean)
          .put("crc32", summary.crc32);
    }
    if (layout.shape().isEmpty()) {
      return element(layout.dtype(), value.leaf(leaf), 0);
    }
    ArrayNode elements = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < layout.elements(); i++) {
      elements.add(element(layout.dtype(), value.leaf(leaf), i));
    }
    return elements;
  }

  private static JsonNode element(DType dtype, MemorySegment tensor, int index) {
    return switch (dtype) {
      case BOOL -> JsonNodeFactory.instance.booleanNode(dtype.getLong(tensor, index) != 0);
      case FLOAT64 -> JsonNodeFactory.instance.numberNode(dtype.getDouble(tensor, index));
      case FLOAT16, FLOAT32 ->
          JsonNodeFactory.instance.numberNode((float) dtype.getDouble(tensor, index));
      default -> JsonNodeFactory.instance.numberNode(dtype.getLong(tensor, index));
    };
  }

  /** What is said of a large tensor; the CRC-32 is over its bytes, row-major, in 8 hex digits. */
  private record Summary(double min, double max, double mean, String crc32) {
    static Summary of(Leaf layout, MemorySegment tensor) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (long i = 0; i < layout.elements(); i++) {
        double element = layout.dtype().getDouble(tensor, i);
        min = Math.min(min, element);
        max = Math.max(max, element);
        sum += element;
      }
      CRC32 crc = new CRC32();
      crc.update(tensor.asByteBuffer());
      return new Summary(min, max, sum / layout.elements(), "%08x".formatted(crc.getValue()));
    }
  }
}
