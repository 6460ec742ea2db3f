package org.umwelt.agents.iris;

import java.util.Arrays;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.FrameEncodings;
import org.umwelt.worldmodel.iris.Tokenizer;

/**
 * Moves codes that no frame uses to where frames are encoded.
 *
 * <p>Where frames differ in a few pixels only, as in most Atari games, everything a fresh encoder
 * gives at a position of the grid lies nearest to one and the same code: the decoder learns the
 * mean picture, and nothing ever asks for a second code. A code that is moved takes the place of an
 * encoded position drawn in proportion to its squared distance from its own code, as in k-means++
 * (Arthur and Vassilvitskii 2007); moving unused codes is the remedy of Jukebox (arXiv 2005.00341,
 * section 3.1). IRIS has none of this.
 */
final class CodeRevival {
  private final Tokenizer tokenizer;
  private final FrameEncodings frames;
  private final int framesPerPass;

  CodeRevival(Tokenizer tokenizer, FrameEncodings frames, int framesPerPass) {
    this.tokenizer = tokenizer;
    this.frames = frames;
    this.framesPerPass = framesPerPass;
  }

  /**
   * Moves the codes that none of the frames uses.
   *
   * @param numbers of the replay's frames
   * @return how many were moved
   */
  int revive(long[] numbers, RandomGenerator random) {
    int size = tokenizer.config().codeSize();
    int positions = numbers.length * tokenizer.config().tokens();
    float[] encoded = new float[positions * size]; // (positions, E)
    double[] upTo = new double[positions]; // sums of squared distances
    BitSet used = new BitSet();
    double sum = 0;
    int at = 0;
    for (int from = 0; from < numbers.length; from += framesPerPass) {
      long[] pass =
          Arrays.copyOfRange(numbers, from, Math.min(from + framesPerPass, numbers.length));
      try (PointerScope _ = new PointerScope();
          NoGradGuard _ = new NoGradGuard()) {
        Tokenizer.Encoding encoding = tokenizer.encode(frames.frames(pass));
        float[] z = rows(encoding.z());
        float[] codes = rows(encoding.quantised());
        System.arraycopy(z, 0, encoded, at * size, z.length);
        for (int i = 0; i < z.length; i++) {
          double difference = (double) z[i] - codes[i];
          sum += difference * difference;
          if (i % size == size - 1) {
            upTo[at++] = sum;
          }
        }
        for (long token : Tensors.longs(encoding.tokens())) {
          used.set((int) token);
        }
      }
    }
    return sum > 0 ? move(used, encoded, upTo, random) : 0;
  }

  /** (b, E, g, g) to (b g g, E). */
  private static float[] rows(Tensor grid) {
    return Tensors.floats(grid.permute(0, 2, 3, 1).contiguous());
  }

  private int move(BitSet used, float[] encoded, double[] upTo, RandomGenerator random) {
    int vocabulary = tokenizer.config().vocabulary();
    int size = tokenizer.config().codeSize();
    try (PointerScope _ = new PointerScope()) {
      float[] codes = Tensors.floats(tokenizer.codes());
      for (int code = used.nextClearBit(0); code < vocabulary; code = used.nextClearBit(code + 1)) {
        int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
        int position = Math.min(found < 0 ? -found - 1 : found, upTo.length - 1);
        System.arraycopy(encoded, position * size, codes, code * size, size);
      }
      tokenizer.setCodes(Tensors.of(Compute.CPU, codes, vocabulary, size));
    }
    return vocabulary - used.cardinality();
  }
}
