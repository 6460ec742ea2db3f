package org.umwelt.agents.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Steps of an episode, both ends included.
 *
 * @param first the first
 * @param last the last
 */
record StepRange(int first, int last) {
  private static final Pattern FORM = Pattern.compile("(\\d{0,9})\\.\\.(\\d{0,9})");

  /**
   * Reads {@code A..B}, {@code A..}, {@code ..B} or {@code ..}.
   *
   * @param end last step of the episode
   */
  static StepRange parse(String option, String text, int end) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new BadRequestException(
          "%s takes a range of steps such as 0..160, 100.. or .., got %s".formatted(option, text));
    }
    String first = matcher.group(1);
    String last = matcher.group(2);
    return of(
        option,
        first.isEmpty() ? 0 : Integer.parseInt(first),
        last.isEmpty() ? end : Integer.parseInt(last),
        end);
  }

  /** Checks {@code first..last} against an episode whose last step is {@code end}. */
  static StepRange of(String option, int first, int last, int end) {
    Recording.requireStep(option, first, end);
    Recording.requireStep(option, last, end);
    if (first > last) {
      throw new BadRequestException(
          "%s: expected the first step before the last, got %d and %d"
              .formatted(option, first, last));
    }
    return new StepRange(first, last);
  }
}
