package org.umwelt.worldmodel.language;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sequences of one length: arrays [count, length], row-major.
 *
 * @param count number of sequences (b)
 * @param length tokens of each (t)
 * @param tokens what the model reads
 * @param targets what it should predict at each position; {@value #UNSCORED} where nothing counts
 */
public record Batch(int count, int length, long[] tokens, long[] targets) {
  /** The target of positions that do not count. */
  public static final int UNSCORED = -100;

  /** Returns one sequence. */
  public static Batch of(long[] tokens, long[] targets) {
    return new Batch(1, tokens.length, tokens, targets);
  }

  /** Returns the sequences of several batches of one length. */
  public static Batch join(List<Batch> parts) {
    int count = parts.stream().mapToInt(Batch::count).sum();
    int length = parts.getFirst().length();
    return new Batch(
        count,
        length,
        parts.stream().flatMapToLong(part -> Arrays.stream(part.tokens)).toArray(),
        parts.stream().flatMapToLong(part -> Arrays.stream(part.targets)).toArray());
  }

  /** Returns the sequences from one, inclusive, to another, exclusive. */
  public Batch rows(int from, int to) {
    return new Batch(
        to - from,
        length,
        Arrays.copyOfRange(tokens, from * length, to * length),
        Arrays.copyOfRange(targets, from * length, to * length));
  }

  /** Returns the places in the arrays whose targets count, in their order. */
  public int[] scoredPositions() {
    return IntStream.range(0, targets.length).filter(i -> targets[i] != UNSCORED).toArray();
  }
}
