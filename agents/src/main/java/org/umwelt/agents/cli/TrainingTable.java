package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.umwelt.agents.training.RemainingTime;

/** The result of a training for people to read. */
final class TrainingTable {
  private final ObjectNode result;
  private final Path run;

  TrainingTable(ObjectNode result, Path run) {
    this.result = result;
    this.run = run;
  }

  void print(PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : result.properties()) {
      switch (entry.getKey()) {
        case "scalars" ->
            entry
                .getValue()
                .properties()
                .forEach(scalar -> rows.add(row(scalar.getKey(), text(scalar.getValue()))));
        case "seconds" ->
            rows.add(row("time", RemainingTime.inWords(Math.round(entry.getValue().asDouble()))));
        default -> rows.add(row(entry.getKey(), text(entry.getValue())));
      }
    }
    rows.add(row("run", run.toString()));
    Services.table(out, rows);
  }

  private static List<String> row(String label, String text) {
    return List.of(label, text);
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return "-";
    }
    return value.isNumber()
        ? Recording.number(value.asDouble())
        : value.isTextual() ? value.textValue() : value.toString();
  }
}
