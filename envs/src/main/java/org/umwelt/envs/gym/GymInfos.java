package org.umwelt.envs.gym;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The infos of the last reset or step, as Python gave them.
 *
 * @param rows one JSON object for each row; where a row was reset within the step, that of the
 *     reset
 * @param finals the info of the end for each row whose episode ended in the step; null in JSON for
 *     the others
 */
public record GymInfos(List<JsonNode> rows, List<JsonNode> finals) {
  /** Copies the lists. */
  public GymInfos {
    rows = List.copyOf(rows);
    finals = List.copyOf(finals);
  }

  /**
   * Returns the infos as a vector environment of Gymnasium gives them: for each key an array of n,
   * and under {@code _key} which rows gave it. Rows without the key hold 0, false or null.
   */
  public ObjectNode vectorised() {
    return vectorised(rows);
  }

  /** Returns the infos of ended episodes in the same form; empty where none ended. */
  public ObjectNode vectorisedFinals() {
    return vectorised(finals);
  }

  private static ObjectNode vectorised(List<JsonNode> infos) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    for (int row = 0; row < infos.size(); row++) {
      add(all, infos.get(row), row, infos.size());
    }
    return all;
  }

  private static void add(ObjectNode all, JsonNode info, int row, int size) {
    for (var entry : info.properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      if (value.isObject()) {
        add(all.withObjectProperty(key), value, row, size);
      } else {
        array(all, key, size, absent(value)).set(row, value);
      }
      array(all, "_" + key, size, BooleanNode.FALSE).set(row, BooleanNode.TRUE);
    }
  }

  private static JsonNode absent(JsonNode value) {
    if (value.isBoolean()) {
      return BooleanNode.FALSE;
    }
    if (value.isIntegralNumber()) {
      return IntNode.valueOf(0);
    }
    return value.isNumber() ? DoubleNode.valueOf(0) : NullNode.instance;
  }

  private static ArrayNode array(ObjectNode all, String key, int size, JsonNode absent) {
    ArrayNode array = all.withArrayProperty(key);
    while (array.size() < size) {
      array.add(absent);
    }
    return array;
  }
}
