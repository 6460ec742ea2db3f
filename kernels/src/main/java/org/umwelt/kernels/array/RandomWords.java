package org.umwelt.kernels.array;

import org.umwelt.kernels.array.device.PhiloxKernel;
import org.umwelt.kernels.backend.Call;
import org.umwelt.kernels.backend.Kernel;
import org.umwelt.kernels.backend.Work;

/**
 * Random words by Philox 4x32-10: word i of a stream is a function of (seed, stream, i), on every
 * back end the one that {@link org.umwelt.kernels.random.RandomStream} gives.
 */
public final class RandomWords {
  /** The kernel: words, and key, stream and first block in words. */
  public static final Kernel KERNEL =
      Kernel.of("random-words", "random words, Philox 4x32-10", PhiloxKernel.class, "fill");

  private static final int WORDS_PER_BLOCK = 4;
  private static final int PLACE_WORDS = 6;

  private RandomWords() {}

  /**
   * Returns the call that fills an array with the words of a stream.
   *
   * @param words a multiple of 4, overwritten
   * @param where of {@link #place}: to fill an array again from elsewhere, change its contents
   */
  public static Call call(int[] words, int[] where) {
    if (words.length % WORDS_PER_BLOCK != 0) {
      throw new IllegalArgumentException("expected a multiple of 4 words, got " + words.length);
    }
    ArrayKernels.expectLength("the place", PLACE_WORDS, where.length);
    return Call.of(KERNEL, Work.range(words.length / WORDS_PER_BLOCK), words, where);
  }

  /**
   * Returns where in all random words a call starts.
   *
   * @param first word of the stream, a multiple of 4
   */
  public static int[] place(long seed, long stream, long first) {
    if (first % WORDS_PER_BLOCK != 0) {
      throw new IllegalArgumentException("expected to start at a multiple of 4, got " + first);
    }
    long block = first / WORDS_PER_BLOCK;
    return new int[] {
      (int) seed,
      (int) (seed >>> 32),
      (int) stream,
      (int) (stream >>> 32),
      (int) block,
      (int) (block >>> 32)
    };
  }
}
