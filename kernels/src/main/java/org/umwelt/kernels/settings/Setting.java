package org.umwelt.kernels.settings;

import java.util.List;

/**
 * One declared setting: its name, type, default and meaning.
 *
 * @param name as written in {@code name=value}
 * @param type what values it takes
 * @param defaultValue the value where none is given, in text; empty means "unset"
 * @param minimum smallest number allowed, for INTEGER and NUMBER
 * @param maximum largest number allowed, for INTEGER and NUMBER
 * @param choices the words allowed, for CHOICE
 * @param description one sentence
 */
public record Setting(
    String name,
    Type type,
    String defaultValue,
    double minimum,
    double maximum,
    List<String> choices,
    String description) {

  /** What values a setting takes. */
  public enum Type {
    /** A whole number. */
    INTEGER,
    /** A finite decimal number. */
    NUMBER,
    /** {@code true} or {@code false}. */
    BOOLEAN,
    /** One of the listed words. */
    CHOICE,
    /** Any text. */
    TEXT
  }

  /** Declares a whole number in [minimum, maximum]. */
  public static Setting integer(
      String name, long defaultValue, long minimum, long maximum, String description) {
    return new Setting(
        name, Type.INTEGER, Long.toString(defaultValue), minimum, maximum, List.of(), description);
  }

  /** Declares a decimal number in [minimum, maximum]. */
  public static Setting number(
      String name, double defaultValue, double minimum, double maximum, String description) {
    return new Setting(
        name, Type.NUMBER, Double.toString(defaultValue), minimum, maximum, List.of(), description);
  }

  /** Declares a switch. */
  public static Setting bool(String name, boolean defaultValue, String description) {
    return new Setting(
        name, Type.BOOLEAN, Boolean.toString(defaultValue), 0, 0, List.of(), description);
  }

  /** Declares a choice among words. */
  public static Setting choice(
      String name, String defaultValue, List<String> choices, String description) {
    return new Setting(name, Type.CHOICE, defaultValue, 0, 0, List.copyOf(choices), description);
  }

  /** Declares free text. */
  public static Setting text(String name, String defaultValue, String description) {
    return new Setting(name, Type.TEXT, defaultValue, 0, 0, List.of(), description);
  }

  /** Returns the same setting with another default. */
  public Setting withDefault(String value) {
    return new Setting(name, type, value, minimum, maximum, choices, description);
  }

  /** Returns the values allowed, in words. */
  public String expected() {
    return switch (type) {
      case INTEGER -> "a whole number from %.0f to %.0f".formatted(minimum, maximum);
      case NUMBER -> "a number from %s to %s".formatted(minimum, maximum);
      case BOOLEAN -> "true or false";
      case CHOICE -> "one of " + String.join(", ", choices);
      case TEXT -> "text";
    };
  }

  boolean accepts(String value) {
    try {
      return switch (type) {
        case INTEGER -> {
          long number = Long.parseLong(value);
          yield number >= minimum && number <= maximum;
        }
        case NUMBER -> {
          double number = Double.parseDouble(value);
          yield number >= minimum && number <= maximum;
        }
        case BOOLEAN -> value.equals("true") || value.equals("false");
        case CHOICE -> choices.contains(value);
        case TEXT -> true;
      };
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
