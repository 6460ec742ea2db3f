package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.LayerNorm;
import org.umwelt.kernels.nn.Linear;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
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

  /**
   * Writes a pass of one token into a graph, which needs no mask.
   *
   * @param x [b, 1, D]
   * @param caches of the tokens before, one per layer
   * @param grown receives the caches with this token
   * @return [b, 1, D]
   */
  GraphValue write(OnnxWriter to, GraphValue x, List<GraphCache> caches, List<GraphCache> grown) {
    GraphValue state = x;
    for (Block block : blocks) {
      state = block.write(to, state, caches.get(block.layer), grown);
    }
    return last.write(to, state);
  }

  /** Keys and values of one layer inside a graph, [b, heads, tokens, size] each. */
  record GraphCache(GraphValue keys, GraphValue values) {}

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
    private final Linear key;
    private final Linear query;
    private final Linear value;
    private final Linear projection;
    private final Layer hidden;
    private final Linear contract;

    Block(Parameters parameters, int layer) {
      this.layer = layer;
      int width = config.width();
      beforeAttention = new LayerNorm(parameters.in("ln1"), width);
      LayerNorm beforeMlp = new LayerNorm(parameters.in("ln2"), width);
      Parameters attention = parameters.in("attn");
      key = linear(attention.in("key"), width, width);
      query = linear(attention.in("query"), width, width);
      value = linear(attention.in("value"), width, width);
      projection = linear(attention.in("proj"), width, width);
      hidden =
          Layer.sequence(
              beforeMlp, linear(parameters.in("mlp.0"), width, 4L * width), Functions.GELU);
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
      Tensor wide = hidden.forward(y); // (b, t, 4 D)
      return y.add(drop(contract.forward(wide), dropout));
    }

    GraphValue write(OnnxWriter to, GraphValue x, GraphCache before, List<GraphCache> grown) {
      OnnxGraph graph = to.graph();
      GraphValue normed = beforeAttention.write(to, x);
      GraphValue q = heads(graph, query.write(to, normed)); // (b, h, 1, D / h)
      Map<String, Object> alongTokens = Map.of("axis", 2L);
      GraphCache all = // (b, h, p + 1, D / h)
          new GraphCache(
              graph.op("Concat", alongTokens, before.keys(), heads(graph, key.write(to, normed))),
              graph.op(
                  "Concat", alongTokens, before.values(), heads(graph, value.write(to, normed))));
      grown.add(all);
      GraphValue turned =
          graph.op("Transpose", Map.of("perm", new long[] {0, 1, 3, 2}), all.keys());
      GraphValue scores =
          graph.op(
              "Mul",
              graph.op("MatMul", q, turned),
              graph.constant(1 / Math.sqrt((double) config.width() / config.heads())));
      GraphValue attended = // (b, h, 1, D / h), with one token the same as (b, 1, D)
          graph.op("MatMul", graph.op("Softmax", Map.of("axis", 3L), scores), all.values());
      GraphValue joined = graph.op("Reshape", attended, graph.vector(0, 1, config.width()));
      GraphValue y = graph.op("Add", x, projection.write(to, joined));
      return graph.op("Add", y, contract.write(to, hidden.write(to, y)));
    }

    /** (b, 1, D) to (b, h, 1, D / h). */
    private GraphValue heads(OnnxGraph graph, GraphValue x) {
      long size = config.width() / config.heads();
      return graph.op("Reshape", x, graph.vector(0, config.heads(), 1, size));
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
