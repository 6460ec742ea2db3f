package org.umwelt.agents.runs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The results of runs, by name: every number and truth value of {@code result.json} outside its
 * lists, read in passing, so that a list of a million episodes is never held.
 *
 * <p>Names of nested objects are joined by dots, but for {@code scalars} and {@code observables}.
 * An object with {@code value} and {@code text} is one result.
 */
public final class RunResults {
  private static final int MOST = 1000;
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern CONTAINER = Pattern.compile("scalars|observables");

  /** What tells most about a run comes first. */
  private static final List<Pattern> RANKS =
      Stream.of(
              "mean|return, last \\d+",
              "iqm",
              "human_normalised",
              "median_horizon",
              "rewards_agree",
              "evaluation/return",
              ".*\\breturn",
              "held_out/.*",
              "\\|M\\||M\\^2|U4",
              ".*\\bloss")
          .map(Pattern::compile)
          .toList();

  /** What says how it was done rather than what came out, or only how far it scatters. */
  private static final Pattern LESSER =
      Pattern.compile(
          "std|min|max|median|seed|steps|frames|episodes|epochs|chains|measurements|measure_every|starts|futures"
              + "|zero_rewards|parameters|.*seconds|.*per_second|.*gradient_norm|.*learning_rate");

  private RunResults() {}

  /**
   * Returns all results of a finished run.
   *
   * @param file {@code result.json}
   * @throws IOException where it cannot be read or is no JSON object
   */
  public static List<KeyResult> read(Path file) throws IOException {
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("expected a JSON object");
      }
      Map<String, KeyResult> all = new LinkedHashMap<>();
      object(parser, "", all);
      return List.copyOf(all.values());
    }
  }

  /**
   * Returns all results of a run; where it has none yet, the newest numbers of its metrics.
   *
   * @throws IOException where they cannot be read
   */
  public static List<KeyResult> ofRun(Path run) throws IOException {
    Path result = run.resolve(RunFolder.RESULT);
    if (Files.exists(result)) {
      return read(result);
    }
    Path metrics = run.resolve(RunFolder.METRICS);
    return Files.exists(metrics) ? LogTail.read(metrics, Files.size(metrics)).results() : List.of();
  }

  private static void object(JsonParser parser, String prefix, Map<String, KeyResult> into)
      throws IOException {
    Map<String, KeyResult> found = new LinkedHashMap<>();
    String text = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      String key = prefix + name;
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        object(
            parser, prefix.isEmpty() && CONTAINER.matcher(name).matches() ? "" : key + ".", found);
      } else if (token == JsonToken.START_ARRAY) {
        parser.skipChildren();
      } else if (token.isNumeric() && found.size() < MOST) {
        found.put(key, new KeyResult(key, parser.getDoubleValue(), ""));
      } else if (token.isBoolean() && found.size() < MOST) {
        found.put(key, new KeyResult(key, Double.NaN, Boolean.toString(parser.getBooleanValue())));
      } else if (token == JsonToken.VALUE_STRING && name.equals("text")) {
        text = parser.getText();
      }
    }
    KeyResult value = found.get(prefix + "value");
    if (text != null && value != null && !prefix.isEmpty()) {
      String key = prefix.substring(0, prefix.length() - 1);
      into.putIfAbsent(key, new KeyResult(key, value.value(), text));
    } else if (into.size() < MOST) {
      found.forEach(into::putIfAbsent);
    }
  }

  /** Returns the most telling results, at most so many. */
  public static List<KeyResult> best(Collection<KeyResult> all, int most) {
    return ranked(all).stream()
        .filter(result -> !LESSER.matcher(result.name()).matches())
        .limit(most)
        .toList();
  }

  /** Returns all results, the most telling first. */
  public static List<KeyResult> ranked(Collection<KeyResult> all) {
    return all.stream()
        .sorted(
            Comparator.comparing((KeyResult result) -> LESSER.matcher(result.name()).matches())
                .thenComparingInt(result -> rank(result.name())))
        .toList();
  }

  /**
   * Returns the most telling of the metrics that most runs have; empty where there is none.
   *
   * @param counts how many runs have each
   */
  public static String bestMetric(Map<String, Integer> counts) {
    return counts.entrySet().stream()
        .min(
            Comparator.comparing(
                    (Map.Entry<String, Integer> each) -> LESSER.matcher(each.getKey()).matches())
                .thenComparing(Map.Entry::getValue, Comparator.reverseOrder())
                .thenComparingInt(each -> rank(each.getKey()))
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse("");
  }

  private static int rank(String name) {
    int rank = 0;
    while (rank < RANKS.size() && !RANKS.get(rank).matcher(name).matches()) {
      rank++;
    }
    return rank;
  }
}
