package org.umwelt.worldmodel.language;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;

/**
 * Associative recall over the whole length of a sequence: what is stated in its first quarter is
 * asked for in the other three, and only the answers count.
 *
 * <p>The first quarter of a sequence of T tokens states the values of {@value #KEYS} keys, at
 * random places and as often as there is room; half of the places behind it ask for keys that were
 * stated; the rest is filler. Values are drawn anew for every sequence, uniformly, as are keys and
 * fillers. A statement is one token, key and value together, so that one layer of attention is
 * enough to answer. Who does not find a statement of the key is right in one of {@value #VALUES}
 * cases and loses ln {@value #VALUES} = 2.08 nats an answer.
 *
 * <p>In the spirit of multi-query associative recall, Arora et al., "Zoology", arXiv 2312.04927.
 */
public final class RecallTask implements Corpus {
  /** How many keys there are. */
  public static final int KEYS = 16;

  /** How many values there are. */
  public static final int VALUES = 8;

  private static final int FILLERS = 8;
  private static final int FIRST_QUESTION = KEYS * VALUES;
  private static final int FIRST_ANSWER = FIRST_QUESTION + KEYS;
  private static final int FIRST_FILLER = FIRST_ANSWER + VALUES;
  private static final int SHORTEST = 16;
  private static final long HELD_OUT = 1L << 62;

  private final int length;
  private final long seed;

  /**
   * Creates the task.
   *
   * @param length tokens in a sequence (T); at least {@value #SHORTEST}
   */
  public RecallTask(int length, long seed) {
    if (length < SHORTEST) {
      throw new BadRequestException(
          "data=recall: expected a length of at least %d, got %d".formatted(SHORTEST, length));
    }
    this.length = length;
    this.seed = seed;
  }

  /** Returns the token that states the value of a key. */
  public static long statement(int key, int value) {
    return (long) key * VALUES + value;
  }

  /** Returns the token that asks for a key. */
  public static long question(int key) {
    return (long) FIRST_QUESTION + key;
  }

  /** Returns the token that answers with a value. */
  public static long answer(int value) {
    return (long) FIRST_ANSWER + value;
  }

  @Override
  public int vocabulary() {
    return FIRST_FILLER + FILLERS;
  }

  @Override
  public String unit() {
    return "answer";
  }

  @Override
  public String description() {
    return "recall of %d keys over %d tokens; by chance 1/%d is right, %.3f nats"
        .formatted(Math.min(KEYS, length / 4), length, VALUES, Math.log(VALUES));
  }

  @Override
  public long fingerprint() {
    return 0; // the settings say all
  }

  @Override
  public Batch training(long index) {
    return sequence(new RandomStream(seed, index));
  }

  @Override
  public Batch heldOut(int index, int count) {
    return sequence(new RandomStream(seed, HELD_OUT | index));
  }

  private Batch sequence(RandomStream random) {
    long[] tokens = new long[length];
    long[] targets = new long[length];
    Arrays.fill(targets, Batch.UNSCORED);
    int early = length / 4;
    int[] keys = shuffled(KEYS, random);
    int stated = Math.min(KEYS, early);
    int[] values = random.ints(stated, 0, VALUES).toArray();
    int[] order = shuffled(early, random);
    for (int i = 0; i < early; i++) {
      int which = i % stated;
      tokens[order[i]] = statement(keys[which], values[which]);
    }
    int[] late = shuffled(length - early, random);
    for (int i = 0; i < late.length; i++) {
      int place = early + late[i];
      if (i < late.length / 2) {
        int which = random.nextInt(stated);
        tokens[place] = question(keys[which]);
        targets[place] = answer(values[which]);
      } else {
        tokens[place] = (long) FIRST_FILLER + random.nextInt(FILLERS);
      }
    }
    return Batch.of(tokens, targets);
  }

  /** Returns the numbers from 0 to less than n in random order. */
  private static int[] shuffled(int n, RandomStream random) {
    int[] all = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int drawn = all[other];
      all[other] = all[i];
      all[i] = drawn;
    }
    return all;
  }
}
