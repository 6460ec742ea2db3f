package org.umwelt.worldmodel.language;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a layer attends with. All methods share queries and keys, and the same parameters. */
public enum AttentionMethod {
  /** Every key up to the query's own position, by our kernel. */
  DENSE,
  /** The keys before the query in its hash bucket: H-LM of the paper. */
  HASH,
  /** Queries and keys dropped at random, anew in every pass: D-LM of the paper. */
  DROP,
  /** Every key up to the query's own position, by LibTorch: F-LM of the paper. */
  LIBTORCH;

  /** Returns the word of the setting. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the words of all. */
  public static List<String> words() {
    return Arrays.stream(values()).map(AttentionMethod::word).toList();
  }

  /** Returns the method with a word. */
  public static AttentionMethod of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
