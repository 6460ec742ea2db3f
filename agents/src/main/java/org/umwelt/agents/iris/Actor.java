package org.umwelt.agents.iris;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.agents.Insight;
import org.umwelt.kernels.nn.LstmCell;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Tokenizer;

/**
 * The policy acting in n environments: sees what the tokenizer makes of their frames, and
 * remembers.
 *
 * <p>Used by one thread at a time; several may share the networks.
 */
final class Actor implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final ActorCritic policy;
  private final Tensor hidden; // (n, H)
  private final Tensor cell; // (n, H)
  private final Tensor keptHidden;
  private final Tensor keptCell;
  private float[] logits = {}; // (n, A), of the last act
  private float[] values = {}; // (n), of the last act

  /** Creates an actor that remembers nothing. */
  Actor(Tokenizer tokenizer, ActorCritic policy, int rows) {
    this.tokenizer = tokenizer;
    this.policy = policy;
    try (PointerScope _ = new PointerScope()) {
      LstmCell.State start = policy.start(rows);
      hidden = Tensors.keep(start.hidden());
      cell = Tensors.keep(start.cell());
      keptHidden = Tensors.keep(hidden.clone());
      keptCell = Tensors.keep(cell.clone());
    }
  }

  /** Forgets what a row has seen. */
  void forget(int row) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      hidden.select(0, row).zero_();
      cell.select(0, row).zero_();
    }
  }

  /** Keeps what it remembers now, for {@link #goBack}. */
  void keep() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      keptHidden.copy_(hidden);
      keptCell.copy_(cell);
    }
  }

  /** Remembers what it did at the last {@link #keep}. */
  void goBack() {
    remember(new LstmCell.State(keptHidden, keptCell));
  }

  /** Remembers what a state does. */
  void remember(LstmCell.State state) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      hidden.copy_(state.hidden());
      cell.copy_(state.cell());
    }
  }

  /** Returns what every row remembers, [n][2 H]. */
  float[][] memory() {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor both = Tensors.cat(List.of(hidden, cell), 1); // (n, 2 H)
      int rows = Math.toIntExact(both.size(0));
      int width = Math.toIntExact(both.size(1));
      float[] all = Tensors.floats(both);
      float[][] memory = new float[rows][];
      Arrays.setAll(memory, row -> Arrays.copyOfRange(all, row * width, (row + 1) * width));
      return memory;
    }
  }

  /**
   * Makes every row remember the same.
   *
   * @param memory of a row, [2 H]
   */
  void recall(float[] memory) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor halves = Tensors.of(Compute.CPU, memory, 2, memory.length / 2);
      hidden.copy_(halves.narrow(0, 0, 1).expand_as(hidden));
      cell.copy_(halves.narrow(0, 1, 1).expand_as(cell));
    }
  }

  /**
   * Chooses an action in every row.
   *
   * @param frames of the environments, [n, 3, h, w] in [0, 1]
   * @param random one stream per row
   */
  long[] act(Tensor frames, Sampler sampler, RandomStream[] random) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      return actOn(tokenizer.decodeTokens(tokenizer.tokens(frames)), sampler, random);
    }
  }

  /**
   * Chooses an action in every row.
   *
   * @param seen what the tokenizer makes of a frame, [n, 3, h, w] in [0, 1]
   * @param random one stream per row
   */
  long[] actOn(Tensor seen, Sampler sampler, RandomStream[] random) {
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      ActorCritic.Output output = policy.forward(seen, new LstmCell.State(hidden, cell));
      remember(output.state());
      logits = Tensors.floats(output.logits());
      values = Tensors.floats(output.values());
      return Tensors.longs(sampler.choose(output.logits(), random));
    }
  }

  /**
   * Returns what a row's action of the last act came from; empty before the first.
   *
   * @param temperature of the distribution it was drawn from
   */
  Optional<Insight> insight(int row, double temperature) {
    if (values.length == 0) {
      return Optional.empty();
    }
    int actions = logits.length / values.length;
    return Optional.of(
        Insight.ofLogits(
            values[row],
            Arrays.copyOfRange(logits, row * actions, (row + 1) * actions),
            temperature));
  }

  @Override
  public void close() {
    Tensors.release(hidden);
    Tensors.release(cell);
    Tensors.release(keptHidden);
    Tensors.release(keptCell);
  }
}
