package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.umwelt.agents.training.RemainingTime;

/** The result of a sampling for people to read. */
final class SamplingTable {
  private final ObjectNode result;
  private final Path run;

  SamplingTable(ObjectNode result, Path run) {
    this.result = result;
    this.run = run;
  }

  void print(PrintWriter out) {
    List<List<String>> means = new ArrayList<>();
    means.add(List.of("observable", "value", "tau_int", "effective samples", ""));
    for (Map.Entry<String, JsonNode> entry : result.path("observables").properties()) {
      JsonNode one = entry.getValue();
      means.add(
          List.of(
              entry.getKey(),
              one.path("text").asText(),
              "%.2f".formatted(one.path("tau_int").asDouble(Double.NaN)),
              "%,.0f".formatted(one.path("mcmc_effective_sample_size").asDouble(Double.NaN)),
              one.path("converged").asBoolean() ? "" : "not converged"));
    }
    table(out, means);
    table(out, points());
    List<List<String>> rest = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : result.properties()) {
      JsonNode value = entry.getValue();
      switch (entry.getKey()) {
        case "observables", "points", "scalars", "epochs" -> {}
        case "health" ->
            value.forEach(check ->
                rest.add(
                    List.of(
                        check.path("passed").asBoolean() ? "ok" : "CAUTION",
                        "%s: %s"
                            .formatted(
                                check.path("check").asText(), check.path("found").asText()))));
        case "seconds" ->
            rest.add(List.of("time", RemainingTime.inWords(Math.round(value.asDouble()))));
        default -> rest.add(List.of(entry.getKey(), text(value)));
      }
    }
    rest.add(List.of("run", run.toString()));
    Services.table(out, rest);
  }

  private static void table(PrintWriter out, List<List<String>> rows) {
    if (rows.size() > 1) {
      Services.table(out, rows);
      out.println();
    }
  }

  /** Returns the points of a series, with a heading. */
  private List<List<String>> points() {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode point : result.path("points")) {
      if (rows.isEmpty()) {
        rows.add(point.properties().stream().map(Map.Entry::getKey).toList());
      }
      rows.add(point.properties().stream().map(entry -> text(entry.getValue())).toList());
    }
    return rows;
  }

  private static String text(JsonNode value) {
    if (value.has("text")) {
      return value.path("text").asText();
    }
    List<String> words = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(one -> words.add(text(one)));
      return String.join("; ", words);
    }
    if (value.isObject()) {
      value.properties().stream()
          .filter(entry -> !entry.getValue().isNull())
          .forEach(entry -> words.add(entry.getKey() + " " + text(entry.getValue())));
      return String.join(", ", words);
    }
    return value.isNumber() ? Recording.number(value.asDouble()) : value.asText();
  }
}
