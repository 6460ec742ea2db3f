package org.umwelt.agents.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Setting;
import org.umwelt.kernels.settings.Settings;
import org.umwelt.kernels.settings.Suggestions;

/** What the commands that offer named services share: finding one, its settings, listing all. */
final class Services {
  private static final Pattern KEY_VALUE =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*=.*", Pattern.DOTALL);

  private Services() {}

  static <T> List<T> sorted(ServiceLoader<T> loader, Function<T, String> name) {
    List<T> services = new ArrayList<>();
    loader.forEach(services::add);
    services.sort(Comparator.comparing(name));
    return services;
  }

  static <T> T find(String kind, String asked, List<T> services, Function<T, String> name) {
    List<String> names = services.stream().map(name).toList();
    int index = names.indexOf(asked);
    if (index < 0) {
      throw new BadRequestException(
          "unknown %s %s%s (there are %s)"
              .formatted(
                  kind, asked, Suggestions.didYouMean(asked, names), String.join(", ", names)));
    }
    return services.get(index);
  }

  /** Reads key=value words; a word without a key is the value of the first setting declared. */
  static Map<String, String> values(String owner, List<Setting> declared, List<String> words) {
    List<String> keyed =
        words.stream()
            .map(word ->
                KEY_VALUE.matcher(word).matches() || declared.isEmpty()
                    ? word
                    : declared.getFirst().name() + "=" + word)
            .toList();
    return Settings.parse(owner, keyed);
  }

  /** One line of a list. */
  record Named(String name, String summary) {}

  static <T> List<Named> named(
      List<T> services, Function<T, String> name, Function<T, String> summary) {
    return services.stream()
        .map(service -> new Named(name.apply(service), summary.apply(service)))
        .toList();
  }

  /**
   * Prints lists by kind: one JSON object, or a line each, with headings where there are several
   * kinds.
   */
  static void print(PrintWriter out, boolean json, SequencedMap<String, List<Named>> kinds) {
    if (json) {
      ObjectNode result = JsonNodeFactory.instance.objectNode();
      kinds.forEach((kind, all) -> {
        ArrayNode rows = result.putArray(kind);
        all.forEach(one -> rows.addObject().put("name", one.name()).put("summary", one.summary()));
      });
      out.println(result);
      return;
    }
    kinds.forEach((kind, all) -> {
      String indent = kinds.size() > 1 ? "  " : "";
      if (kinds.size() > 1) {
        out.println(kind + ":");
      }
      table(out, all.stream().map(one -> List.of(indent + one.name(), one.summary())).toList());
    });
  }

  /** Prints rows with aligned columns; the last column is not padded. */
  static void table(PrintWriter out, List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        if (column < row.size() - 1) {
          line.repeat(' ', widths[column] - row.get(column).length() + 2);
        }
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
