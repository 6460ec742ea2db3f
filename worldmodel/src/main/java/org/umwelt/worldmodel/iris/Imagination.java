package org.umwelt.worldmodel.iris;

import java.util.ArrayList;
import java.util.List;
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
 * <p>Section 2.3 of the paper. Nothing ends an imagined row; who needs ends looks at them. When the
 * sequence is full the model forgets all but the present frame, as in the reference. No gradient is
 * recorded. Used by one thread at a time.
 */
public final class Imagination implements AutoCloseable {
  private final Tokenizer tokenizer;
  private final WorldModel worldModel;
  private final Sampler sampler;
  private final RandomStream[] random;
  private final KeyValueCache cache;
  private @Nullable Tensor tokens; // (n, K), of the present frame
  private boolean lastTokenIsPending;

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
  }

  /** Returns the tokens of the present frames, int64 [n, K]. */
  public Tensor tokens() {
    if (tokens == null) {
      throw new IllegalStateException("nothing is imagined yet; reset first");
    }
    return tokens;
  }

  /**
   * Starts at these frames.
   *
   * @param start tokens, int64 [n, K]
   */
  public void reset(Tensor start) {
    replaceTokens(Tensors.keep(start.clone()));
    refill();
  }

  private void replaceTokens(@Nullable Tensor next) {
    if (tokens != null) {
      Tensors.release(tokens);
    }
    tokens = next;
  }

  /** Forgets everything but the present frame. */
  private void refill() {
    cache.clear();
    lastTokenIsPending = false;
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      worldModel.forward(tokens(), cache, null);
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
   * @param wantsNext whether the next frame is needed; without it only reward and end are sampled
   */
  public Outcome step(Tensor actions, boolean wantsNext) {
    int frameTokens = worldModel.tokensPerFrame();
    long length = cache.length() + (lastTokenIsPending ? 1 : 0);
    if (length + (wantsNext ? frameTokens + 1 : 1) > cache.capacity()) {
      refill();
    }
    try (PointerScope _ = new PointerScope();
        NoGradGuard _ = new NoGradGuard()) {
      Tensor action = actions.view(-1, 1);
      Tensor input =
          lastTokenIsPending
              ? Tensors.cat(List.of(tokens().narrow(1, frameTokens - 1, 1), action), 1)
              : action;
      lastTokenIsPending = false;
      Tensor output = last(worldModel.forward(input, cache, null)); // (n, D), at the action
      long[] rewards = Tensors.longs(sampler.choose(worldModel.rewardLogits(output), random));
      long[] ends = Tensors.longs(sampler.choose(worldModel.endLogits(output), random));
      if (wantsNext) {
        replaceTokens(Tensors.keep(next(output)));
        lastTokenIsPending = true; // its pass would only fill the cache
      }
      boolean[] ended = new boolean[ends.length];
      for (int row = 0; row < ends.length; row++) {
        rewards[row] -= 1;
        ended[row] = ends[row] != 0;
      }
      return new Outcome(rewards, ended);
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
