package org.umwelt.agents.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two configurations, key by key.
 *
 * @param entries keys of the first in its order, then those of the second alone
 */
public record ConfigDifference(List<Entry> entries) {
  /** How the two sides of a key stand to each other. */
  public enum Relation {
    /** Both have the same value; numbers are compared as numbers, so 7 equals 7.0. */
    EQUAL,
    /** Both have the key, with different values. */
    DIFFERENT,
    /** The first alone has it. */
    ONLY_FIRST,
    /** The second alone has it. */
    ONLY_SECOND
  }

  /**
   * One key.
   *
   * @param key with dots between the names of nested objects
   * @param first its value there; empty where there is none
   * @param second its value there; empty where there is none
   */
  public record Entry(
      String key, Optional<String> first, Optional<String> second, Relation relation) {}

  /** Copies the list. */
  public ConfigDifference {
    entries = List.copyOf(entries);
  }

  /** Compares two configurations. */
  public static ConfigDifference of(ObjectNode first, ObjectNode second) {
    Map<String, JsonNode> left = flat(first);
    Map<String, JsonNode> right = flat(second);
    Set<String> keys = new LinkedHashSet<>(left.keySet());
    keys.addAll(right.keySet());
    return new ConfigDifference(
        keys.stream().map(key -> entry(key, left.get(key), right.get(key))).toList());
  }

  private static Entry entry(String key, @Nullable JsonNode first, @Nullable JsonNode second) {
    Relation relation;
    if (first == null) {
      relation = Relation.ONLY_SECOND;
    } else if (second == null) {
      relation = Relation.ONLY_FIRST;
    } else {
      relation = same(first, second) ? Relation.EQUAL : Relation.DIFFERENT;
    }
    return new Entry(
        key,
        Optional.ofNullable(first).map(ConfigDifference::text),
        Optional.ofNullable(second).map(ConfigDifference::text),
        relation);
  }

  private static boolean same(JsonNode first, JsonNode second) {
    if (first.isNumber() && second.isNumber()) {
      return first.decimalValue().compareTo(second.decimalValue()) == 0;
    }
    return first.equals(second);
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  /** Returns the values below an object by key; lists and empty objects are values. */
  private static Map<String, JsonNode> flat(ObjectNode node) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    flatten("", node, all);
    return all;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, JsonNode> into) {
    node.properties()
        .forEach(property -> {
          String key = prefix + property.getKey();
          JsonNode value = property.getValue();
          if (value.isObject() && !value.isEmpty()) {
            flatten(key + ".", value, into);
          } else {
            into.put(key, value);
          }
        });
  }
}
