package org.umwelt.kernels.random;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.random.RandomGenerator;

/**
 * A sequence of random numbers that is a pure function of (seed, stream, position).
 *
 * <p>Words come from {@link Philox} with the seed as key and (position, stream) as counter, so
 * streams of one seed never overlap, and saving a stream means saving three numbers. Not
 * thread-safe; give each thread a stream of its own.
 */
public final class RandomStream implements RandomGenerator {
  private static final int WORDS_PER_BLOCK = 4;

  private final int[] block = new int[WORDS_PER_BLOCK];
  private long seed;
  private long stream;
  private long position;

  /** Creates stream 0 of the seed. */
  public RandomStream(long seed) {
    this(seed, 0);
  }

  /** Creates the given stream of the seed, at position 0. */
  public RandomStream(long seed, long stream) {
    this.seed = seed;
    this.stream = stream;
  }

  /**
   * Returns the seed of item {@code index} under a master seed, uniform in [0, 2^31): a range that
   * Gymnasium, NumPy and ALE all accept.
   */
  public static long deriveSeed(long master, long index) {
    return new RandomStream(master, index).nextInt() & Integer.MAX_VALUE;
  }

  /** Starts over as the given stream of the seed, at position 0. */
  public void restart(long seed, long stream) {
    this.seed = seed;
    this.stream = stream;
    this.position = 0;
  }

  @Override
  public int nextInt() {
    int word = (int) (position & (WORDS_PER_BLOCK - 1));
    if (word == 0) {
      fill();
    }
    position++;
    return block[word];
  }

  @Override
  public long nextLong() {
    return ((long) nextInt() << 32) | (nextInt() & 0xFFFFFFFFL);
  }

  private void fill() {
    long index = position / WORDS_PER_BLOCK;
    Philox.block(
        (int) index,
        (int) (index >>> 32),
        (int) stream,
        (int) (stream >>> 32),
        (int) seed,
        (int) (seed >>> 32),
        block);
  }

  /** Writes seed, stream and position (24 bytes). */
  public void writeState(DataOutput out) throws IOException {
    out.writeLong(seed);
    out.writeLong(stream);
    out.writeLong(position);
  }

  /** Continues exactly where the stream that wrote this state stood. */
  public void readState(DataInput in) throws IOException {
    seed = in.readLong();
    stream = in.readLong();
    position = in.readLong();
    if ((position & (WORDS_PER_BLOCK - 1)) != 0) {
      fill();
    }
  }
}
