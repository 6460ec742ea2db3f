package org.umwelt.kernels.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what a mistyped name may have meant. */
public final class Suggestions {
  private Suggestions() {}

  /** Returns the known name nearest to {@code asked}, if one is near enough to be meant. */
  public static Optional<String> nearest(String asked, Collection<String> known) {
    String wanted = asked.toLowerCase(Locale.ROOT);
    List<String> candidates = new ArrayList<>(known);
    candidates.sort(
        Comparator.<String>comparingInt(name -> distance(wanted, name.toLowerCase(Locale.ROOT)))
            .thenComparing(Comparator.naturalOrder()));
    return candidates.stream()
        .findFirst()
        .filter(name -> {
          String near = name.toLowerCase(Locale.ROOT);
          return distance(wanted, near) <= Math.max(2, differing(wanted, near) / 3);
        });
  }

  /** Returns the length of the shorter word without the beginning and the end both words share. */
  private static int differing(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    int start = 0;
    while (start < shorter && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    return shorter - start - end;
  }

  /** Returns {@code "; did you mean NAME?"}, or the empty string where nothing is near. */
  public static String didYouMean(String asked, Collection<String> known) {
    return nearest(asked, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment). */
  static int distance(String a, String b) {
    int[] beforePrevious = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, beforePrevious[j - 2] + 1);
        }
        current[j] = best;
      }
      int[] reused = beforePrevious;
      beforePrevious = previous;
      previous = current;
      current = reused;
    }
    return previous[b.length()];
  }
}
