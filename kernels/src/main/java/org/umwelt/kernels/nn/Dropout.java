package org.umwelt.kernels.nn;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Dropout (Srivastava et al., JMLR 2014): each element is zero with probability p, the others are
 * divided by 1 - p.
 *
 * <p>Masks are a function of (key, how many were drawn before), so shards of a batch that are
 * computed on different threads draw the same ones in every run. A probability is rounded to a
 * multiple of 2^-16. Used by one thread at a time.
 */
public final class Dropout {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int LANES = 4;
  private static final int LANE_BITS = 16;

  private final Compute compute;
  private long state;

  /** Creates a sequence of masks. */
  public Dropout(Compute compute, long key) {
    this.compute = compute;
    this.state = mix(key);
  }

  /** Returns x with the next mask applied. */
  public Tensor apply(Tensor x, double probability) {
    return probability == 0 ? x : x.mul(mask(probability, x));
  }

  private Tensor mask(double probability, Tensor like) {
    long count = like.numel();
    Tensor mask = Tensors.empty(Compute.CPU, count);
    MemorySegment memory =
        MemorySegment.ofBuffer(mask.data_ptr_float().capacity(count).asByteBuffer());
    int threshold = (int) Math.round(probability * (1 << LANE_BITS));
    float kept = (float) (1 / (1 - probability));
    long words = count / LANES;
    for (long i = 0; i < words; i++) {
      long word = mix(state + i * GOLDEN_GAMMA);
      for (int lane = 0; lane < LANES; lane++) {
        memory.setAtIndex(
            ValueLayout.JAVA_FLOAT, i * LANES + lane, value(word, lane, threshold, kept));
      }
    }
    long last = mix(state + words * GOLDEN_GAMMA);
    for (long i = words * LANES; i < count; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, value(last, (int) (i % LANES), threshold, kept));
    }
    state += (words + 1) * GOLDEN_GAMMA;
    return compute.place(mask.view_as(like));
  }

  private static float value(long word, int lane, int threshold, float kept) {
    int bits = (int) (word >>> (lane * LANE_BITS)) & ((1 << LANE_BITS) - 1);
    return bits < threshold ? 0 : kept;
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
