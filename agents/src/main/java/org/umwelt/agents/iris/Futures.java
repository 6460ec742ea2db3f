package org.umwelt.agents.iris;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.envs.Frame;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.Pixels;

/**
 * Futures of one moment of a dream: all have its past, and from there each goes on by itself.
 *
 * <p>What is drawn at a step is a function of the seed, the number of the future and the number of
 * the step, so that going back and doing the same leads to the same. The policy looks at every
 * frame, whoever acts. Used by one thread at a time; to be closed before the {@link Dream} it comes
 * from.
 */
public final class Futures implements AutoCloseable {
  private static final int KINDS = 2; // of streams: what is imagined, and what the policy does
  private static final int STEP_BITS = 32;

  private final Compute compute;
  private final int resolution;
  private final int first;
  private final Actor actor;
  private final RandomStream[] random;
  private final RandomStream[] policyRandom;
  private final Imagination imagination;
  private long seed;
  private long step;

  /**
   * Creates futures of nothing yet.
   *
   * @param first number of the first one
   */
  Futures(IrisNetworks networks, int count, int first, Sampler sampler) {
    this.first = first;
    compute = networks.world().tokenizerParameters().compute();
    resolution = networks.world().sizes().tokenizer().resolution();
    actor = new Actor(networks.world().tokenizer(), networks.actorCritic(), count);
    random = new RandomStream[count];
    policyRandom = new RandomStream[count];
    Arrays.setAll(random, _ -> new RandomStream(0));
    Arrays.setAll(policyRandom, _ -> new RandomStream(0));
    imagination =
        new Imagination(
            networks.world().tokenizer(), networks.world().worldModel(), sampler, random);
  }

  /** Returns how many there are. */
  public int count() {
    return random.length;
  }

  /**
   * Begins every future.
   *
   * @param past from the beginning of the dream to the moment they are futures of
   * @param newSeed of what is drawn
   */
  public void start(List<Moment> past, long newSeed) {
    seed = newSeed;
    step = past.size() - 1L;
    try (PointerScope _ = new PointerScope()) {
      imagination.reset(everywhere(past.getFirst().tokens()));
    }
    for (Moment moment : past.subList(1, past.size())) {
      try (PointerScope _ = new PointerScope()) {
        long[] actions = new long[count()];
        Arrays.fill(actions, moment.action());
        imagination.follow(Tensors.of(compute, actions, count()), everywhere(moment.tokens()));
      }
    }
    actor.recall(past.getLast().memory());
  }

  private Tensor everywhere(long[] tokens) {
    return Tensors.of(compute, tokens, 1, tokens.length).repeat(count(), 1);
  }

  /**
   * Takes a step in every future.
   *
   * @param action taken in each; empty for what the policy does in each
   * @param policy sampler of its actions
   * @return where each future now is
   */
  public List<Moment> step(OptionalLong action, Sampler policy) {
    for (int row = 0; row < count(); row++) {
      long number = KINDS * (long) (first + row);
      random[row].restart(seed, (number << STEP_BITS) + step);
      policyRandom[row].restart(seed, ((number + 1) << STEP_BITS) + step);
    }
    step++;
    try (PointerScope _ = new PointerScope()) {
      long[] actions = actor.actOn(imagination.frames(), policy, policyRandom);
      action.ifPresent(chosen -> Arrays.fill(actions, chosen));
      Imagination.Outcome outcome = imagination.step(Tensors.of(compute, actions, count()), true);
      byte[] pixels = Pixels.bytes(imagination.frames());
      long[] tokens = Tensors.longs(imagination.tokens());
      float[][] memory = actor.memory();
      int size = pixels.length / count();
      int frameTokens = tokens.length / count();
      List<Moment> moments = new ArrayList<>();
      for (int row = 0; row < count(); row++) {
        moments.add(
            new Moment(
                actions[row],
                Arrays.copyOfRange(tokens, row * frameTokens, (row + 1) * frameTokens),
                new Frame(
                    resolution,
                    resolution,
                    Arrays.copyOfRange(pixels, row * size, (row + 1) * size)),
                outcome.rewards()[row],
                outcome.ends()[row],
                memory[row]));
      }
      return moments;
    }
  }

  @Override
  public void close() {
    imagination.close();
    actor.close();
  }
}
