package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Tensors;

/**
 * Worlds that exist in the model only, n rows stepped together.
 *
 * <p>Section 2.3 of the paper. Nothing ends an imagined row; who needs ends looks at them, and
 * starts the row again. When a row's sequence is full the model forgets all of it but the present
 * frame, as in the reference. No gradient is recorded. Used by one thread at a time.
 */
public final class Imagination implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final WorldModel worldModel;
  private final Sampler sampler;
  private final RandomStream[] random;
  // Holds all but the last token of each row's present frame: that one goes with the action.
  private final KeyValueCache cache;
  private final long[] forgotten;
  private @Nullable Tensor tokens; // (n, K), of the present frame
  private boolean ended;

  /**
   * Creates imagined worlds that are not started yet.
   *
   * @param sampler chooses rewards, ends and tokens
   * @param random one stream per row; rows may share one
   */
  public Imagination(
      Tokenizer tokenizer, WorldModel worldModel, Sampler sampler, RandomStream[] random) {
    this.tokenizer = tokenizer;
    this.worldModel = worldModel;
    this.sampler = sampler;
    this.random = random;
    this.cache = worldModel.cache(random.length);
    this.forgotten = new long[random.length];
  }

  /** Returns the tokens of the present frames, int64 [n, K]. */
  public Tensor tokens() {
    if (tokens == null) {
      throw new IllegalStateException("nothing is imagined yet; reset first");
    }
    return tokens;
  }

  /**
   * Starts every row.
   *
   * @param start tokens of the first frames, int64 [n, K]
   */
  public void reset(Tensor start) {
    replaceTokens(Tensors.keep(start.clone()));
    ended = false;
    Arrays.fill(forgotten, 0);
    refill(IntStream.range(0, random.length).toArray());
  }

  /**
   * Starts some rows anew; the others go on. Every row must have been started once.
   *
   * @param rows which, without repetition
   * @param start tokens of their first frames, int64 [rows.length, K]
   */
  public void reset(int[] rows, Tensor start) {
    try (PointerScope _ = new PointerScope()) {
      Tensor next = tokens().clone();
      next.index_copy_(0, numbers(rows), start);
      replaceTokens(Tensors.keep(next));
    }
    for (int row : rows) {
      forgotten[row] = 0;
    }
    refill(rows);
  }

  /** Returns how often the model has forgotten all but the present frame since a row started. */
  public long forgotten(int row) {
    return forgotten[row];
  }

  private Tensor numbers(int[] rows) {
    return Tensors.of(
        worldModel.compute(), Arrays.stream(rows).asLongStream().toArray(), rows.length);
  }

  private void replaceTokens(@Nullable Tensor next) {
    if (tokens != null) {
      Tensors.release(tokens);
    }
    tokens = next;
  }

  /** Makes rows forget everything but the present frame. */
  private void refill(int[] rows) {
    int before = worldModel.tokensPerFrame() - 1;
    boolean all = rows.length == random.length;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard();
        KeyValueCache fresh = all ? null : worldModel.cache(rows.length)) {
      KeyValueCache target = fresh == null ? cache : fresh;
      target.clear();
      if (before > 0) {
        Tensor present = fresh == null ? tokens() : tokens().index_select(0, numbers(rows));
        worldModel.forward(present.narrow(1, 0, before), target, null);
      }
      if (fresh != null) {
        cache.replace(rows, fresh);
      }
    }
  }

  /** Refills the rows that have no room for {@code next} more tokens. */
  private void makeRoom(int next) {
    int[] full =
        IntStream.range(0, random.length)
            .filter(row -> cache.length(row) + next > cache.capacity())
            .toArray();
    if (full.length > 0) {
      for (int row : full) {
        forgotten[row]++;
      }
      refill(full);
    }
  }

  /**
   * What one imagined step brings.
   *
   * @param rewards -1, 0 or 1 per row
   * @param ends per row
   */
  public record Outcome(long[] rewards, boolean[] ends) {}

  /**
   * Takes one step in every row.
   *
   * @param actions int64 [n]
   * @param wantsNext whether the next frame is needed; without it only reward and end are sampled,
   *     and the next call is {@link #reset(Tensor)}
   */
  public Outcome step(Tensor actions, boolean wantsNext) {
    if (ended) {
      throw new IllegalStateException("the next frames were not asked for; reset first");
    }
    int frameTokens = worldModel.tokensPerFrame();
    // The present frame's last token, the action, and the whole next frame, as the reference
    // counts.
    makeRoom(wantsNext ? 2 + frameTokens : 2);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor lastToken = tokens().narrow(1, frameTokens - 1, 1);
      Tensor input = Tensors.cat(List.of(lastToken, actions.view(-1, 1)), 1); // (n, 2)
      Tensor output = last(worldModel.forward(input, cache, null)); // (n, D), at the action
      long[] rewards = Tensors.longs(sampler.choose(worldModel.rewardLogits(output), random));
      long[] ends = Tensors.longs(sampler.choose(worldModel.endLogits(output), random));
      ended = !wantsNext;
      if (wantsNext) {
        replaceTokens(Tensors.keep(next(output)));
      }
      boolean[] ending = new boolean[ends.length];
      for (int row = 0; row < ends.length; row++) {
        rewards[row] -= 1;
        ending[row] = ends[row] != 0;
      }
      return new Outcome(rewards, ending);
    }
  }

  /**
   * Takes a step in every row to frames that are known, as if they had been sampled now.
   *
   * @param actions int64 [n]
   * @param next tokens of the frames they lead to, int64 [n, K]
   */
  public void follow(Tensor actions, Tensor next) {
    int frameTokens = worldModel.tokensPerFrame();
    makeRoom(2 + frameTokens);
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor lastToken = tokens().narrow(1, frameTokens - 1, 1);
      Tensor first = next.narrow(1, 0, frameTokens - 1); // the last goes with the next action
      worldModel.forward(
          Tensors.cat(List.of(lastToken, actions.view(-1, 1), first), 1), cache, null);
      replaceTokens(Tensors.keep(next.clone()));
    }
  }

  /** Samples the next frame token by token, [n, K]. */
  private Tensor next(Tensor atAction) {
    List<Tensor> frame = new ArrayList<>();
    Tensor output = atAction;
    for (int k = 0; k < worldModel.tokensPerFrame(); k++) {
      Tensor token =
          sampler.choose(worldModel.observationLogits(output), random).view(-1, 1); // (n, 1)
      frame.add(token);
      if (k < worldModel.tokensPerFrame() - 1) {
        output = last(worldModel.forward(token, cache, null));
      }
    }
    return Tensors.cat(frame, 1);
  }

  /** (n, t, D) to (n, D). */
  private static Tensor last(Tensor output) {
    return output.select(1, output.size(1) - 1);
  }

  /** Returns the present frames, [n, 3, h, w] in [0, 1]. */
  public Tensor frames() {
    return tokenizer.decodeTokens(tokens());
  }

  @Override
  public void close() {
    replaceTokens(null);
    cache.close();
  }
}
