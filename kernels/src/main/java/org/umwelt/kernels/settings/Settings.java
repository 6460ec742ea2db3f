package org.umwelt.kernels.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Values for a list of declared settings; immutable, complete and checked. */
public final class Settings {
  private final String owner;
  private final SequencedMap<String, Setting> declared = new LinkedHashMap<>();
  private final SequencedMap<String, String> given = new LinkedHashMap<>();

  /**
   * Checks given values against the declared settings.
   *
   * @param owner whose settings these are, for messages, such as {@code ALE/Pong-v5}
   * @throws BadRequestException where a name is unknown or a value is not allowed
   */
  public Settings(String owner, Collection<Setting> declared, Map<String, String> given) {
    this.owner = owner;
    declared.forEach(setting -> this.declared.put(setting.name(), setting));
    given.forEach((name, value) -> {
      Setting setting = this.declared.get(name);
      if (setting == null) {
        throw new BadRequestException(
            "%s: unknown setting %s%s (it takes %s)"
                .formatted(
                    owner,
                    name,
                    Suggestions.didYouMean(name, this.declared.keySet()),
                    this.declared.isEmpty() ? "none" : String.join(", ", this.declared.keySet())));
      }
      if (!setting.accepts(value)) {
        throw new BadRequestException(
            "%s: %s must be %s, got %s".formatted(owner, name, setting.expected(), value));
      }
      this.given.put(name, value);
    });
  }

  /**
   * Reads {@code name=value} words.
   *
   * @throws BadRequestException where a word has no {@code =}, or a name stands twice
   */
  public static SequencedMap<String, String> parse(String owner, List<String> words) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals <= 0) {
        throw new BadRequestException(
            "%s: expected name=value, got %s".formatted(owner, word.isEmpty() ? "nothing" : word));
      }
      if (values.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
        throw new BadRequestException(
            "%s: %s is given twice".formatted(owner, word.substring(0, equals)));
      }
    }
    return values;
  }

  /** Returns whose settings these are. */
  public String owner() {
    return owner;
  }

  /** Returns the values that were given, in the order given. */
  public Map<String, String> given() {
    return Map.copyOf(given);
  }

  /** Returns every value, defaults included, in the order declared. */
  public SequencedMap<String, String> resolved() {
    SequencedMap<String, String> all = new LinkedHashMap<>();
    declared.keySet().forEach(name -> all.put(name, text(name)));
    return all;
  }

  /** Returns whether the value was given rather than left at its default. */
  public boolean isGiven(String name) {
    return given.containsKey(name);
  }

  /** Returns the value of a TEXT or CHOICE setting. */
  public String text(String name) {
    Setting setting = declared.get(name);
    if (setting == null) {
      throw new IllegalArgumentException(owner + " declares no setting " + name);
    }
    return given.getOrDefault(name, setting.defaultValue());
  }

  /** Returns the value of an INTEGER setting. */
  public long integer(String name) {
    return Long.parseLong(text(name));
  }

  /** Returns the value of an INTEGER setting that fits an int. */
  public int intValue(String name) {
    return Math.toIntExact(integer(name));
  }

  /** Returns the value of a NUMBER setting. */
  public double number(String name) {
    return Double.parseDouble(text(name));
  }

  /** Returns the value of a BOOLEAN setting. */
  public boolean bool(String name) {
    return Boolean.parseBoolean(text(name));
  }

  /** Returns the given values as {@code name=value} joined by the separator, sorted by name. */
  public String join(String separator) {
    List<String> words = new ArrayList<>();
    given.forEach((name, value) -> words.add(name + "=" + value));
    words.sort(null);
    return String.join(separator, words);
  }
}
