package org.umwelt.kernels.weights;

import java.nio.file.Path;
import org.umwelt.kernels.settings.BadRequestException;

/** The one line that says what is wrong with a file of weights. */
public final class Refusal {
  private static final int LONGEST_WORD = 200;

  private Refusal() {}

  static BadRequestException of(Path file, String text) {
    return new BadRequestException(file + ": " + text);
  }

  static BadRequestException of(Path file, String text, Throwable cause) {
    return new BadRequestException(file + ": " + text, cause);
  }

  static BadRequestException of(Path file, String entry, String text) {
    return of(file, "entry " + word(entry) + ": " + text);
  }

  /**
   * Returns text out of a file as part of one line: cut where long, what is not printed escaped.
   */
  public static String word(String text) {
    StringBuilder word = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_WORD)
        .forEach(c -> {
          if (isPrintable(c)) {
            word.appendCodePoint(c);
          } else {
            word.append("\\u%04x".formatted(c));
          }
        });
    return text.codePointCount(0, text.length()) > LONGEST_WORD ? word + "..." : word.toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
