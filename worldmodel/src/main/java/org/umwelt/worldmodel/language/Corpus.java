package org.umwelt.worldmodel.language;

/** Sequences to learn from, and others to be tested on. Used by one thread at a time. */
public interface Corpus {
  /** Returns how many different tokens there are. */
  int vocabulary();

  /** Returns what a target is, in a word, such as {@code byte}. */
  String unit();

  /** Returns what this is, in one line, with the loss or accuracy of knowing nothing if known. */
  String description();

  /** Returns a number that tells different data apart; the same for the same data. */
  long fingerprint();

  /**
   * Returns a training sequence, a function of the seed and the index.
   *
   * @param index from 0 on, without end
   */
  Batch training(long index);

  /**
   * Returns a held-out sequence, which training never sees.
   *
   * @param index from 0 to less than the count
   * @param count how many are asked for in all
   */
  Batch heldOut(int index, int count);
}
