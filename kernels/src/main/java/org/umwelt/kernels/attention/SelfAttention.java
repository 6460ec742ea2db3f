package org.umwelt.kernels.attention;

import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Linear;
import org.umwelt.kernels.nn.Parameters;

/**
 * Multi-head self-attention of a transformer, dense or sparse: takes the place of any layer that
 * maps [b, t, width] to the same shape.
 *
 * <p>Letters: b sequences, t tokens, h heads, d = width / h.
 */
public final class SelfAttention {
  private static final double SMALLEST_LENGTH = 1e-12;

  private final int heads;
  private final int size;
  private final boolean shared;
  private final Inner inner;
  private final Linear in;
  private final Linear out;

  /**
   * Creates {@code c_attn} and {@code c_proj}, named as in GPT-2.
   *
   * @param width a multiple of the heads
   * @param sharedQueriesAndKeys whether keys are queries scaled to length 1, as in Reformer and in
   *     all models of arXiv 2306.01160; otherwise keys have a projection of their own
   * @param causality {@link Causality#STRICT} goes with shared queries and keys, since a token is
   *     most like itself
   * @param weights of the projection into queries, keys and values
   * @param outWeights of the projection of the result
   * @param kernel of heads of width / heads numbers; used on the thread that calls, and not closed
   *     here. The team of a {@link FlashAttention} must not be one that this layer is run on
   */
  public SelfAttention(
      Parameters parameters,
      int width,
      int heads,
      boolean sharedQueriesAndKeys,
      Sparsity sparsity,
      Causality causality,
      Init weights,
      Init outWeights,
      AttentionKernel kernel) {
    this(
        parameters,
        width,
        heads,
        sharedQueriesAndKeys,
        size -> new Ours(sparsity, causality, size, sharedQueriesAndKeys, kernel),
        weights,
        outWeights);
  }

  /**
   * Returns the same layer with the same parameters, whose queries see every key up to their own
   * position and whose attention is LibTorch's, forward and backward: the peer of ours.
   *
   * @param width a multiple of the heads
   * @param sharedQueriesAndKeys whether keys are queries scaled to length 1
   * @param weights of the projection into queries, keys and values
   * @param outWeights of the projection of the result
   */
  public static SelfAttention libTorch(
      Parameters parameters,
      int width,
      int heads,
      boolean sharedQueriesAndKeys,
      Init weights,
      Init outWeights) {
    return new SelfAttention(
        parameters, width, heads, sharedQueriesAndKeys, _ -> new LibTorch(), weights, outWeights);
  }

  private SelfAttention(
      Parameters parameters,
      int width,
      int heads,
      boolean sharedQueriesAndKeys,
      IntFunction<Inner> inner,
      Init weights,
      Init outWeights) {
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "expected a width that is a multiple of the heads, got %d and %d"
              .formatted(width, heads));
    }
    this.heads = heads;
    this.size = width / heads;
    this.shared = sharedQueriesAndKeys;
    this.inner = inner.apply(size);
    int inputs = sharedQueriesAndKeys ? 2 : 3;
    this.in =
        new Linear(
            parameters.in("c_attn"), width, (long) inputs * width, weights, Init.constant(0));
    this.out = new Linear(parameters.in("c_proj"), width, width, outWeights, Init.constant(0));
  }

  /** Attends within heads. */
  private interface Inner {
    /** Maps [b, h, t, d] each to the same shape. */
    Tensor attend(Tensor q, Tensor k, Tensor v, long key);

    String description();
  }

  private static final class Ours implements Inner {
    private final Sparsity sparsity;
    private final Causality causality;
    private final boolean shared;
    private final AttentionKernel kernel;

    Ours(Sparsity sparsity, Causality causality, int size, boolean shared, AttentionKernel kernel) {
      if (kernel.size() != size || kernel.valueSize() != size) {
        throw new IllegalArgumentException(
            "expected a kernel of heads of %d numbers, got one of %d and %d"
                .formatted(size, kernel.size(), kernel.valueSize()));
      }
      this.sparsity = sparsity;
      this.causality = causality;
      this.shared = shared;
      this.kernel = kernel;
    }

    @Override
    public Tensor attend(Tensor q, Tensor k, Tensor v, long key) {
      // Keys that are queries of another length have their hashes.
      List<AttentionPattern> patterns = sparsity.patterns(q, shared ? q : k, causality, key);
      return TensorAttention.attend(kernel, patterns, q, k, v);
    }

    @Override
    public String description() {
      return kernel.description();
    }
  }

  private static final class LibTorch implements Inner {
    @Override
    public Tensor attend(Tensor q, Tensor k, Tensor v, long key) {
      // It is some percent faster where each head's numbers lie together.
      return torch.scaled_dot_product_attention(
          q.contiguous(),
          k.contiguous(),
          v.contiguous(),
          new TensorOptional(),
          0,
          true,
          new DoubleOptional(),
          false);
    }

    @Override
    public String description() {
      return "LibTorch scaled_dot_product_attention";
    }
  }

  /** Returns what it attends with, for reports. */
  public String description() {
    return inner.description();
  }

  /**
   * Attends.
   *
   * @param x [b, t, width]
   * @param key names what the sparsity draws at random; a new one for every pass
   * @return [b, t, width]
   */
  public Tensor forward(Tensor x, long key) {
    long b = x.size(0);
    long t = x.size(1);
    long inputs = shared ? 2 : 3;
    Tensor all = in.forward(x).view(b, t, inputs, heads, size).permute(2, 0, 3, 1, 4);
    Tensor q = all.select(0, 0); // (b, h, t, d)
    Tensor k = shared ? unit(q) : all.select(0, 1);
    Tensor v = all.select(0, inputs - 1);
    Tensor y = inner.attend(q, k, v, key); // (b, h, t, d)
    return out.forward(y.transpose(1, 2).reshape(b, t, (long) heads * size));
  }

  private static Tensor unit(Tensor x) {
    Tensor length =
        x.square().sum(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
    return x.mul(torch.rsqrt(length.add(new Scalar(SMALLEST_LENGTH))));
  }
}
