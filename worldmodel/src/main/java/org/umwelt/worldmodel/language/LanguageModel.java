package org.umwelt.worldmodel.language;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.umwelt.kernels.nn.Checkpoint;
import org.umwelt.kernels.nn.Embedding;
import org.umwelt.kernels.nn.Init;
import org.umwelt.kernels.nn.Layer;
import org.umwelt.kernels.nn.LayerNorm;
import org.umwelt.kernels.nn.Parameters;
import org.umwelt.kernels.parallel.WorkerTeam;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * A causal transformer that predicts the next token, after GPT-2: pre-norm, learned positions, the
 * embedding also the head; attention dense or sparse. Parameters carry GPT-2's names.
 *
 * <p>Letters: b sequences, t tokens of at most T, D width, V vocabulary, n positions whose
 * prediction counts.
 */
public final class LanguageModel {
  /**
   * Positions whose predictions are made at once. Those of more are made again in the backward
   * pass, so that 16,384 tokens do not hold several tensors [n, V].
   */
  private static final int CHUNK = 4096;

  private final Compute compute;
  private final LanguageModelConfig config;
  private final Embedding tokens;
  private final Embedding positions;
  private final List<Block> blocks = new ArrayList<>();
  private final LayerNorm last;

  /**
   * Creates the model.
   *
   * @param team computes our attention; not closed here
   */
  public LanguageModel(Parameters parameters, LanguageModelConfig config, WorkerTeam team) {
    this.compute = parameters.compute();
    this.config = config;
    Init weights = Init.normal(config.initStd());
    tokens = new Embedding(parameters.in("wte"), config.vocabulary(), config.width(), weights);
    positions = new Embedding(parameters.in("wpe"), config.length(), config.width(), weights);
    for (int layer = 0; layer < config.layers(); layer++) {
      blocks.add(new Block(parameters.in("h." + layer), config, team));
    }
    last = new LayerNorm(parameters.in("ln_f"), config.width());
  }

  /** Returns what attention is computed with, for reports. */
  public String attention() {
    return blocks.getFirst().attention();
  }

  /**
   * How well sequences were predicted.
   *
   * @param nats sum of the negative logarithms of the probabilities given to the targets
   * @param scored positions that count
   * @param right how many of them gave the target the highest probability
   */
  public record Score(double nats, long scored, long right) {
    /** Returns the score of both. */
    public Score plus(Score other) {
      return new Score(nats + other.nats, scored + other.scored, right + other.right);
    }
  }

  /**
   * Computes the logits of the next token at every position.
   *
   * @param batch sequences of at most T tokens
   * @param key names what attention draws at random: the same logits for the same key
   * @return [b, t, V]
   */
  public Tensor logits(Batch batch, long key) {
    return head(hidden(batch, key));
  }

  /**
   * Computes the cross-entropy, to be differentiated. The outermost scope open on this thread stays
   * open until the backward pass.
   *
   * @param key names what attention draws at random
   * @return nats, summed over the positions that count: [1]
   */
  public Tensor loss(Batch batch, long key) {
    Tensor hidden = hidden(batch, key).view(-1, config.width()); // (b t, D)
    int[] scored = batch.scoredPositions();
    Tensor sum = Tensors.zeros(compute, 1);
    for (int from = 0; from < scored.length; from += CHUNK) {
      Scored part = scored(batch, scored, from);
      Tensor rows = hidden.index_select(0, part.rows()); // (n, D)
      Layer loss = x -> crossEntropy(head(x), part.targets());
      sum = sum.add((scored.length > CHUNK ? Checkpoint.of(loss) : loss).forward(rows));
    }
    return sum;
  }

  /** Scores sequences without recording gradients. */
  public Score score(Batch batch, long key) {
    int[] scored = batch.scoredPositions();
    double nats = 0;
    long right = 0;
    Tensor hidden = Tensors.noGrad(() -> hidden(batch, key).view(-1, config.width())); // (b t, D)
    for (int from = 0; from < scored.length; from += CHUNK) {
      Scored part = scored(batch, scored, from);
      Tensor logits = Tensors.noGrad(() -> head(hidden.index_select(0, part.rows()))); // (n, V)
      nats += Tensors.number(crossEntropy(logits, part.targets()));
      Tensor best = logits.argmax(new LongOptional(-1), false); // (n)
      right += Math.round(Tensors.number(best.eq(part.targets()).sum()));
      logits.close();
    }
    return new Score(nats, scored.length, right);
  }

  /** Where the hidden vectors of a chunk are among b t, and what they should predict. */
  private record Scored(Tensor rows, Tensor targets) {}

  private Scored scored(Batch batch, int[] positions, int from) {
    int count = Math.min(CHUNK, positions.length - from);
    long[] rows = new long[count];
    long[] targets = new long[count];
    for (int i = 0; i < count; i++) {
      rows[i] = positions[from + i];
      targets[i] = batch.targets()[positions[from + i]];
    }
    return new Scored(Tensors.of(compute, rows, count), Tensors.of(compute, targets, count));
  }

  /** Maps the tokens to [b, t, D] behind the last norm. */
  private Tensor hidden(Batch batch, long key) {
    int length = batch.length();
    if (length > config.length()) {
      throw new IllegalArgumentException(
          "expected at most %d tokens, got %d".formatted(config.length(), length));
    }
    long[] places = new long[length];
    for (int i = 0; i < length; i++) {
      places[i] = i;
    }
    Tensor x =
        tokens
            .forward(Tensors.of(compute, batch.tokens(), batch.count(), length))
            .add(positions.forward(Tensors.of(compute, places, length))); // (b, t, D)
    Layer[] layers = new Layer[blocks.size()];
    for (int i = 0; i < layers.length; i++) {
      Block block = blocks.get(i);
      long layerKey = new RandomStream(key, i).nextLong();
      Layer layer = state -> block.forward(state, layerKey);
      layers[i] = config.checkpointing() ? Checkpoint.of(layer) : layer;
    }
    return last.forward(Layer.sequence(layers).forward(x));
  }

  /** Maps [..., D] to logits [..., V]. */
  private Tensor head(Tensor x) {
    return torch.linear(x, tokens.weight(), new TensorOptional());
  }

  /** Sum over the rows of logits [n, V]: [1]. */
  private static Tensor crossEntropy(Tensor logits, Tensor targets) {
    return torch
        .cross_entropy_loss(
            logits, targets, new TensorOptional(), torch.Reduction.Sum.value, Batch.UNSCORED, 0)
        .view(1);
  }
}
