package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.LayerNorm;
import org.umwelt.kernels.nn.Linear;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/** A causal transformer, pre-norm, as in GPT-2. Letters: b rows, t tokens, D width, h heads. */
final class Transformer {
  /** Standard deviation of all fresh weights. */
  static final double INIT_STD = 0.02;

  private final WorldModelConfig config;
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm last;

  Transformer(Parameters parameters, WorldModelConfig config) {
    this.config = config;
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(new Block(parameters.in("blocks." + layer), layer));
    }
    last = new LayerNorm(parameters.in("ln_f"), config.width());
  }

  static Linear linear(Parameters parameters, long in, long out) {
    return new Linear(parameters, in, out, Init.normal(INIT_STD), Init.constant(0));
  }

  /**
   * Maps [b, t, D] to [b, t, D].
   *
   * @param cache of the tokens before these, which these are added to; null where there are none
   * @param dropout masks for training; null for none
   */
  Tensor forward(Tensor x, @Nullable KeyValueCache cache, @Nullable Dropout dropout) {
    int tokens = Math.toIntExact(x.size(1));
    Tensor places = cache == null ? null : cache.places(tokens); // null: rows are equally long
    Tensor mask =
        cache == null || places == null
            ? causalMask(x, tokens, cache == null ? 0 : cache.length())
            : cache.mask(tokens);
    Tensor state = drop(x, dropout);
    for (Block block : blocks) {
      Tensor before = state;
      state = Tensors.tidy(() -> block.forward(before, mask, cache, places, dropout));
      if (!before.equals(x)) {
        before.close();
      }
    }
    if (cache != null) {
      cache.advance(tokens);
    }
    return last.forward(state);
  }

  /** 0 where a token may look, -inf where not: [t, p + t] after p tokens; null for one token. */
  static @Nullable Tensor causalMask(Tensor x, long tokens, long before) {
    if (tokens == 1) {
      return null;
    }
    Tensor all =
        torch.full(
            new long[] {tokens, before + tokens},
            new Scalar(Double.NEGATIVE_INFINITY),
            x.options());
    return all.triu(before + 1);
  }

  private Tensor drop(Tensor x, @Nullable Dropout dropout) {
    return dropout == null ? x : dropout.apply(x, config.dropout());
  }

  private final class Block {
    private final int layer;
    private final LayerNorm beforeAttention;
    private final LayerNorm beforeMlp;
    private final Linear key;
    private final Linear query;
    private final Linear value;
    private final Linear projection;
    private final Linear expand;
    private final Linear contract;

    Block(Parameters parameters, int layer) {
      this.layer = layer;
      int width = config.width();
      beforeAttention = new LayerNorm(parameters.in("ln1"), width);
      beforeMlp = new LayerNorm(parameters.in("ln2"), width);
      Parameters attention = parameters.in("attn");
      key = linear(attention.in("key"), width, width);
      query = linear(attention.in("query"), width, width);
      value = linear(attention.in("value"), width, width);
      projection = linear(attention.in("proj"), width, width);
      expand = linear(parameters.in("mlp.0"), width, 4L * width);
      contract = linear(parameters.in("mlp.2"), 4L * width, width);
    }

    Tensor forward(
        Tensor x,
        @Nullable Tensor mask,
        @Nullable KeyValueCache cache,
        @Nullable Tensor places,
        @Nullable Dropout dropout) {
      Tensor attended =
          Tensors.tidy(() -> attention(beforeAttention.forward(x), mask, cache, places, dropout));
      Tensor y = x.add(attended);
      Tensor hidden = Tensors.tidy(() -> torch.gelu(expand.forward(beforeMlp.forward(y))));
      return y.add(drop(contract.forward(hidden), dropout));
    }

    private Tensor attention(
        Tensor x,
        @Nullable Tensor mask,
        @Nullable KeyValueCache cache,
        @Nullable Tensor places,
        @Nullable Dropout dropout) {
      Tensor q = heads(query.forward(x)); // (b, h, t, D / h)
      Tensor k = heads(key.forward(x));
      Tensor v = heads(value.forward(x));
      if (cache != null) {
        k = cache.appendKeys(layer, k, places); // (b, h, p + t, D / h)
        v = cache.appendValues(layer, v, places);
      }
      Tensor y =
          dropout == null ? Tensors.attention(q, k, v, mask) : attend(q, k, v, mask, dropout);
      y = y.transpose(1, 2).reshape(x.size(0), x.size(1), -1); // (b, t, D)
      return drop(projection.forward(y), dropout);
    }

    /** {@link Tensors#attention} with dropout of the weights. */
    private Tensor attend(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, Dropout dropout) {
      double scale = 1 / Math.sqrt((double) config.width() / config.heads());
      Tensor scores = Tensors.scale(torch.matmul(q, k.transpose(2, 3)), scale); // (b, h, t, p + t)
      if (mask != null) {
        scores = scores.add(mask);
      }
      return torch.matmul(drop(torch.softmax(scores, 3), dropout), v);
    }

    /** (b, t, D) to (b, h, t, D / h). */
    private Tensor heads(Tensor x) {
      return x.view(x.size(0), x.size(1), config.heads(), -1).transpose(1, 2);
    }
  }

  /** Returns an empty cache. */
  KeyValueCache cache(Compute compute, int rows, long capacity) {
    return new KeyValueCache(compute, config, rows, capacity);
  }
}
