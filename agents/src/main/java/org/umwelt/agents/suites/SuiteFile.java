package org.umwelt.agents.suites;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Suggestions;

/** Reads a suite from YAML; its form is on the package page. */
public final class SuiteFile {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final List<String> KEYS =
      List.of("name", "agents", "environments", "games", "seeds", "episodes", "episodes_per_job");

  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})\\.\\.(\\d{1,18})");
  private static final int MOST_SEEDS = 1_000_000;

  private final Path file;
  private final ObjectNode root;

  private SuiteFile(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws BadRequestException where it cannot be read, or holds something else than a suite
   */
  public static Suite read(Path file) {
    try {
      JsonNode node = YAML.readTree(Files.readString(file));
      if (node instanceof ObjectNode root) {
        return new SuiteFile(file, root).suite();
      }
      throw new BadRequestException(
          "%s: expected a suite with agents, environments, seeds and episodes".formatted(file));
    } catch (JsonProcessingException e) {
      throw new BadRequestException(
          "%s is not a suite in YAML: %s".formatted(file, e.getOriginalMessage().strip()), e);
    } catch (IOException e) {
      throw new BadRequestException("cannot read the suite in %s (%s)".formatted(file, e), e);
    }
  }

  private Suite suite() {
    root.fieldNames()
        .forEachRemaining(key -> {
          if (!KEYS.contains(key)) {
            throw new BadRequestException(
                "%s: unknown key %s%s (there are %s)"
                    .formatted(
                        file, key, Suggestions.didYouMean(key, KEYS), String.join(", ", KEYS)));
          }
        });
    String fileName = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    int episodes = number("episodes").orElseThrow(() -> missing("episodes"));
    return new Suite(
        root.has("name") ? word("name", root.get("name")) : fileName,
        words("agents", true),
        words("environments", true),
        words("games", false),
        seeds(),
        episodes,
        number("episodes_per_job").orElse(Math.max(1, episodes)));
  }

  private List<String> words(String key, boolean required) {
    List<String> words = new ArrayList<>();
    for (JsonNode item : list(key, required)) {
      words.add(word(key, item));
    }
    return words;
  }

  private List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (JsonNode item : list("seeds", true)) {
      Matcher range = RANGE.matcher(item.asText());
      if (item.isIntegralNumber() && item.canConvertToLong()) {
        seeds.add(item.asLong());
      } else if (range.matches()) {
        long from = Long.parseLong(range.group(1));
        long to = Long.parseLong(range.group(2));
        if (to < from || to - from >= MOST_SEEDS) {
          throw new BadRequestException(
              "%s: expected a range of 1 to %d seeds, got %s"
                  .formatted(file, MOST_SEEDS, item.asText()));
        }
        LongStream.rangeClosed(from, to).forEach(seeds::add);
      } else {
        throw new BadRequestException(
            "%s: expected seeds that are whole numbers or ranges such as 1..5, got %s"
                .formatted(file, item));
      }
    }
    return seeds;
  }

  private Iterable<JsonNode> list(String key, boolean required) {
    @Nullable JsonNode node = root.get(key);
    if (node == null && !required) {
      return List.of();
    }
    if (node == null) {
      throw missing(key);
    }
    return node.isArray() ? node : List.of(node);
  }

  private BadRequestException missing(String key) {
    return new BadRequestException("%s: expected the key %s, found none".formatted(file, key));
  }

  private String word(String key, JsonNode item) {
    if (!item.isValueNode() || item.isNull() || item.asText().isBlank()) {
      throw new BadRequestException("%s: expected a word in %s, got %s".formatted(file, key, item));
    }
    return item.asText();
  }

  private Optional<Integer> number(String key) {
    @Nullable JsonNode node = root.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new BadRequestException(
          "%s: expected %s to be a whole number, got %s".formatted(file, key, node));
    }
    return Optional.of(node.asInt());
  }
}
