package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Dropout;
import org.umwelt.kernels.nn.Embedding;
import org.umwelt.kernels.nn.Functions;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.OnnxWriter;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.onnx.GraphValue;
import org.umwelt.kernels.onnx.OnnxGraph;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * The transformer over frames and actions: predicts the tokens of the next frame, the reward and
 * the end.
 *
 * <p>Section 2.2 of the paper. A block of the sequence is K frame tokens and then one action.
 * Letters: b rows, t tokens, K tokens per frame, V vocabulary, D width.
 */
public final class WorldModel {
  /** Classes of the reward: -1, 0, 1. */
  static final int REWARD_CLASSES = 3;

  /** Classes of the end: it goes on, it ends. */
  static final int END_CLASSES = 2;

  private static final long IGNORED = -100;

  private final WorldModelConfig config;
  private final Compute compute;
  private final int tokensPerFrame;
  private final Embedding positions;
  private final Embedding actions;
  private final Embedding frameTokens;
  private final Transformer transformer;
  private final Layer observationHead;
  private final Layer rewardHead;
  private final Layer endHead;

  /**
   * Creates the layers; {@code parameters} are those below {@code world_model}.
   *
   * @param tokensPerFrame K
   * @param vocabulary V
   * @param actions how many actions there are
   */
  public WorldModel(
      Parameters parameters,
      WorldModelConfig config,
      int tokensPerFrame,
      int vocabulary,
      int actions) {
    this.config = config;
    this.compute = parameters.compute();
    this.tokensPerFrame = tokensPerFrame;
    int width = config.width();
    Init init = Init.normal(Transformer.INIT_STD);
    transformer = new Transformer(parameters.in("transformer"), config);
    positions = new Embedding(parameters.in("pos_emb"), maxTokens(), width, init);
    Parameters tables = parameters.in("embedder.embedding_tables");
    this.actions = new Embedding(tables.in("0"), actions, width, init);
    frameTokens = new Embedding(tables.in("1"), vocabulary, width, init);
    observationHead = head(parameters.in("head_observations"), vocabulary);
    rewardHead = head(parameters.in("head_rewards"), REWARD_CLASSES);
    endHead = head(parameters.in("head_ends"), END_CLASSES);
  }

  private Layer head(Parameters parameters, int classes) {
    int width = config.width();
    return Layer.sequence(
        Transformer.linear(parameters.in("head_module.0"), width, width),
        Functions.RELU,
        Transformer.linear(parameters.in("head_module.2"), width, classes));
  }

  /** Returns the sizes. */
  public WorldModelConfig config() {
    return config;
  }

  /** Returns where it computes. */
  Compute compute() {
    return compute;
  }

  /** Returns K. */
  public int tokensPerFrame() {
    return tokensPerFrame;
  }

  /** Returns the tokens of a block: K and an action. */
  public int tokensPerBlock() {
    return tokensPerFrame + 1;
  }

  /** Returns the longest sequence. */
  public int maxTokens() {
    return config.maxBlocks() * tokensPerBlock();
  }

  /** Returns an empty cache for this many rows. */
  KeyValueCache cache(int rows) {
    return transformer.cache(compute, rows, maxTokens());
  }

  /**
   * Embeds a part of the sequence and runs the transformer. Rows of different length must stand at
   * the same token of their blocks.
   *
   * @param tokens int64 [b, t], frame tokens and actions as they follow each other
   * @param cache of the tokens before, which these are added to; null where there are none
   * @param dropout masks for training; null for none
   * @return [b, t, D]
   */
  Tensor forward(Tensor tokens, @Nullable KeyValueCache cache, @Nullable Dropout dropout) {
    int before = cache == null ? 0 : Math.toIntExact(cache.length());
    int count = Math.toIntExact(tokens.size(1));
    if (before + count > maxTokens()) {
      throw new IllegalArgumentException(
          "expected at most %d tokens, got %d".formatted(maxTokens(), before + count));
    }
    Tensor embedded = embed(tokens, before, count);
    Tensor places = cache == null ? null : cache.places(count); // (b, t)
    Tensor place = // (t, D) or (b, t, D): positions go on where the cache ends
        places == null ? positions.weight().narrow(0, before, count) : positions.forward(places);
    return transformer.forward(embedded.add(place), cache, dropout);
  }

  private Tensor embed(Tensor tokens, int before, int count) {
    int block = tokensPerBlock();
    if (before % block == 0 && count % block == 0) { // whole blocks: the training path
      Tensor blocks = tokens.view(tokens.size(0), count / block, block);
      Tensor frames = frameTokens.forward(blocks.narrow(2, 0, tokensPerFrame)); // (b, l, K, D)
      Tensor acted = actions.forward(blocks.narrow(2, tokensPerFrame, 1)); // (b, l, 1, D)
      return Tensors.cat(List.of(frames, acted), 2).view(tokens.size(0), count, -1);
    }
    List<Tensor> parts = new ArrayList<>(); // runs of one kind
    for (int i = 0; i < count; ) {
      int position = (before + i) % block;
      boolean action = position == tokensPerFrame;
      int run = action ? 1 : Math.min(tokensPerFrame - position, count - i);
      parts.add((action ? actions : frameTokens).forward(tokens.narrow(1, i, run)));
      i += run;
    }
    return parts.size() == 1 ? parts.getFirst() : Tensors.cat(parts, 1);
  }

  /**
   * What a pass of one token gives inside a graph; every head answers at every token, but means
   * something only where {@link #predict} asks it.
   *
   * @param observations [b, V]
   * @param rewards [b, 3]
   * @param ends [b, 2]
   */
  record GraphPrediction(GraphValue observations, GraphValue rewards, GraphValue ends) {}

  /**
   * Writes {@link #forward} of one token after a cache into a graph. Where the token stands in its
   * block, and so whether it is an action, follows from the length of the cache.
   *
   * @param token int64 [b]
   * @param caches one per layer, the same number of tokens in each
   * @param grown receives the caches with this token
   */
  GraphPrediction write(
      OnnxWriter to,
      GraphValue token,
      List<Transformer.GraphCache> caches,
      List<Transformer.GraphCache> grown) {
    OnnxGraph graph = to.graph();
    GraphValue place = // int64 (1): the tokens before
        graph.op("Shape", Map.of("start", 2L, "end", 3L), caches.getFirst().keys());
    GraphValue isAction =
        graph.op(
            "Equal",
            graph.op("Mod", place, graph.vector(tokensPerBlock())),
            graph.vector(tokensPerFrame));
    GraphValue zero = graph.vector(0); // what is looked up in the table that is not meant
    GraphValue embedded = // (b, D)
        graph.op(
            "Where",
            isAction,
            actions.write(to, graph.op("Where", isAction, token, zero)),
            frameTokens.write(to, graph.op("Where", isAction, zero, token)));
    GraphValue state = graph.op("Add", embedded, positions.write(to, place));
    GraphValue output =
        transformer.write(to, graph.op("Unsqueeze", state, graph.vector(1)), caches, grown);
    GraphValue last = graph.op("Squeeze", output, graph.vector(1)); // (b, D)
    return new GraphPrediction(
        observationHead.write(to, last), rewardHead.write(to, last), endHead.write(to, last));
  }

  /** Returns logits of the next frame token, [..., V]. */
  Tensor observationLogits(Tensor output) {
    return observationHead.forward(output);
  }

  /** Returns logits of the reward class, [..., 3]. */
  Tensor rewardLogits(Tensor output) {
    return rewardHead.forward(output);
  }

  /** Returns logits of the end, [..., 2]. */
  Tensor endLogits(Tensor output) {
    return endHead.forward(output);
  }

  /**
   * What every head says about a sequence from its beginning.
   *
   * @param observations [b, rows, V]: every position but the last token of each frame
   * @param rewards [b, l, 3]: at the actions
   * @param ends [b, l, 2]: at the actions
   */
  public record Prediction(Tensor observations, Tensor rewards, Tensor ends) {}

  /**
   * Predicts from a whole sequence.
   *
   * @param tokens int64 [b, t]
   */
  public Prediction predict(Tensor tokens, @Nullable Dropout dropout) {
    Tensor output = forward(tokens, null, dropout);
    int count = Math.toIntExact(tokens.size(1));
    Tensor atActions = select(output, rows(0, count, this::isAction));
    return new Prediction(
        observationLogits(select(output, rows(0, count, this::predictsToken))),
        rewardLogits(atActions),
        endLogits(atActions));
  }

  /** Whether the token after this position is a frame token. */
  private boolean predictsToken(int position) {
    return position % tokensPerBlock() != tokensPerFrame - 1;
  }

  private boolean isAction(int position) {
    return position % tokensPerBlock() == tokensPerFrame;
  }

  /** Returns which of {@code count} rows after {@code before} tokens a head answers at. */
  static long[] rows(int before, int count, IntPredicate answers) {
    return IntStream.range(before, before + count)
        .filter(answers)
        .mapToLong(position -> position - before)
        .toArray();
  }

  /** Returns the rows the observation head answers at. */
  long[] observationRows(int before, int count) {
    return rows(before, count, this::predictsToken);
  }

  /** Returns the rows the reward and end heads answer at. */
  long[] actionRows(int before, int count) {
    return rows(before, count, this::isAction);
  }

  private Tensor select(Tensor output, long[] rows) {
    return output.index_select(1, Tensors.of(compute, rows, rows.length));
  }

  /**
   * Returns how far feeding a sequence token by token through the cache is from feeding it at once:
   * the largest difference of any output.
   *
   * @param tokens int64 [b, t]
   */
  public double cacheDifference(Tensor tokens) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        KeyValueCache cache = cache(Math.toIntExact(tokens.size(0)))) {
      Tensor whole = forward(tokens, null, null);
      List<Tensor> steps = new ArrayList<>();
      for (long t = 0; t < tokens.size(1); t++) {
        steps.add(forward(tokens.narrow(1, t, 1), cache, null));
      }
      return Tensors.number(whole.sub(Tensors.cat(steps, 1)).abs().max());
    }
  }

  /**
   * Sums of the three cross-entropies over the labels that count.
   *
   * @param observations next tokens
   * @param rewards reward classes
   * @param ends ends
   */
  public record Losses(Tensor observations, Tensor rewards, Tensor ends) {}

  /**
   * Returns the losses of segments, as sums; a mean divides by the labels of the whole batch.
   *
   * @param frames tokens, int64 [b, l, K]
   * @param acted actions, int64 [b, l]
   * @param rewards float32 [b, l], not clipped
   * @param ends int64 [b, l]
   * @param mask uint8 or bool [b, l], 1 where the step is not padding
   */
  public Losses losses(
      Tensor frames,
      Tensor acted,
      Tensor rewards,
      Tensor ends,
      Tensor mask,
      @Nullable Dropout dropout) {
    long b = frames.size(0);
    Tensor sequence =
        Tensors.cat(List.of(frames, acted.unsqueeze(-1)), 2).view(b, -1); // (b, l (K + 1))
    Prediction prediction = predict(sequence, dropout);
    Tensor padding = mask.eq(new Scalar(0)); // (b, l)
    // Row j of the logits predicts token j + 1; the last one, a frame outside the segment.
    Tensor tokenLabels =
        frames
            .masked_fill(padding.unsqueeze(-1), new Scalar(IGNORED))
            .view(b, -1)
            .narrow(1, 1, frames.size(1) * tokensPerFrame - 1);
    Tensor tokenLogits =
        prediction.observations().narrow(1, 0, prediction.observations().size(1) - 1);
    Tensor rewardLabels =
        Tensors.shift(rewards.sign(), 1)
            .to(torch.ScalarType.Long)
            .masked_fill(padding, new Scalar(IGNORED));
    Tensor endLabels = ends.masked_fill(padding, new Scalar(IGNORED));
    return new Losses(
        crossEntropy(tokenLogits, tokenLabels),
        crossEntropy(prediction.rewards(), rewardLabels),
        crossEntropy(prediction.ends(), endLabels));
  }

  /** How many labels of each kind a batch has. */
  public static LabelCounts labels(boolean[] mask, int length, int tokensPerFrame) {
    long steps = 0;
    long firsts = 0;
    for (int i = 0; i < mask.length; i++) {
      if (mask[i]) {
        steps++;
        firsts += i % length == 0 ? 1 : 0;
      }
    }
    return new LabelCounts(steps * tokensPerFrame - firsts, steps);
  }

  /**
   * How many labels of each kind a batch has.
   *
   * @param tokens of {@link Losses#observations}
   * @param steps of the other two
   */
  public record LabelCounts(long tokens, long steps) {}

  private static Tensor crossEntropy(Tensor logits, Tensor labels) {
    return torch.cross_entropy_loss(
        logits.reshape(-1, logits.size(-1)),
        labels.reshape(-1),
        new TensorOptional(),
        torch.Reduction.Sum.value,
        IGNORED,
        0);
  }
}
