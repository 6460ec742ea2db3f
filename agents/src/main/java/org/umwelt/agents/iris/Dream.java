package org.umwelt.agents.iris;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.nn.Sampler;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Tensors;
import org.umwelt.worldmodel.iris.Imagination;
import org.umwelt.worldmodel.iris.Pixels;
import org.umwelt.worldmodel.iris.SavedIris;

/**
 * A real environment and several imagined futures of it, beside each other.
 *
 * <p>The real one is {@linkplain #play played} to where a dream is to {@linkplain #begin begin}.
 * From there the futures are {@linkplain #imagine imagined} with actions one may choose, and the
 * real environment is played with the same ones: at once, or after a {@linkplain #rewind rewind} to
 * where the dream began. Used by one thread at a time.
 */
public final class Dream implements AutoCloseable {
  private static final long FUTURES = 0x4655_5455_5245L; // streams of a seed from here on
  private static final long POLICY = 0x504F_4C49_4359L;

  private final IrisNetworks networks;
  private final int resolution;
  private final Environment environment;
  private final Step step;
  private final Value action;
  private final Actor actor;
  private final RandomStream[] random; // one per future
  private final RandomStream policy = new RandomStream(0);
  private final Sampler sampler;
  private final Imagination imagination;
  private byte @Nullable [] start; // state of the real environment where the dream began
  private byte[] startFrame = {};
  private byte[] startPolicy = {};

  /**
   * What the model predicts at a step, one of each per future.
   *
   * @param frames decoded
   * @param tokens of the frames, row by row
   * @param rewards -1, 0 or 1
   * @param ends whether the episode ends here
   */
  public record Imagined(List<Frame> frames, List<long[]> tokens, long[] rewards, boolean[] ends) {}

  /**
   * What really happens at a step.
   *
   * @param frame observed
   * @param reconstruction what the tokenizer makes of it
   * @param tokens of it, row by row
   * @param reward given
   * @param ended whether the episode ended here
   */
  public record Real(
      Frame frame, Frame reconstruction, long[] tokens, double reward, boolean ended) {}

  /**
   * Opens the model of a run and a real environment.
   *
   * @param environment its id; empty for the one the model is evaluated in
   * @param futures how many are imagined at once
   * @param sampler of tokens, rewards and ends
   * @throws BadRequestException where the environment is not one the model knows
   */
  public static Dream open(SavedIris saved, String environment, int futures, Sampler sampler) {
    String id = environment.isEmpty() ? IrisEnvironments.test(saved.environment()) : environment;
    if (id.isEmpty()) {
      throw new BadRequestException(
          "%s: expected the id of the real environment, the file does not name it"
              .formatted(saved.file()));
    }
    Environment real = IrisEnvironments.make(id);
    try {
      if (IrisEnvironments.actions(real) != saved.sizes().actions()) {
        throw new BadRequestException(
            "%s: expected the %d actions %s was trained with, got %d"
                .formatted(
                    id, saved.sizes().actions(), saved.file(), IrisEnvironments.actions(real)));
      }
      return new Dream(IrisNetworks.open(saved), real, futures, sampler);
    } catch (RuntimeException e) {
      real.close();
      throw e;
    }
  }

  /** Takes over networks and environment, which it closes. */
  Dream(IrisNetworks networks, Environment environment, int futures, Sampler sampler) {
    this.networks = networks;
    this.environment = environment;
    this.sampler = sampler;
    resolution = networks.world().sizes().tokenizer().resolution();
    step = Step.allocate(environment);
    action = Value.allocate(environment.actionSpace());
    actor = new Actor(networks.world().tokenizer(), networks.actorCritic(), 1);
    random = new RandomStream[futures];
    Arrays.setAll(random, _ -> new RandomStream(0));
    imagination =
        new Imagination(
            networks.world().tokenizer(), networks.world().worldModel(), sampler, random);
  }

  /** Returns how many futures there are. */
  public int futures() {
    return random.length;
  }

  /** Returns what actions mean; empty where they have no names. */
  public List<String> actionMeanings() {
    return environment.actionMeanings();
  }

  /** Returns how many actions there are. */
  public int actions() {
    return IrisEnvironments.actions(environment);
  }

  /** Returns whether the real environment can go back to where a dream began. */
  public boolean canRewind() {
    return environment.hasState();
  }

  /** Starts an episode of the real environment. */
  public Real reset(long seed) {
    environment.reset(Reset.seeded(seed), step);
    actor.forget(0);
    policy.restart(seed, POLICY);
    return real();
  }

  /**
   * Returns what the policy does in the present real frame, which it then has seen.
   *
   * @param sampler of the action
   */
  public long act(Sampler sampler) {
    try (PointerScope _ = new PointerScope()) {
      return actor.act(observed(), sampler, new RandomStream[] {policy})[0];
    }
  }

  /** Steps the real environment, whose episode must go on. */
  public Real play(long number) {
    action.setLong(number);
    environment.step(action, step);
    return real();
  }

  /**
   * Begins to dream at the present real frame.
   *
   * @param seed of what is drawn in the futures
   */
  public void begin(long seed) {
    start = environment.hasState() ? environment.saveState() : null;
    actor.keep();
    startPolicy = policyState();
    startFrame = step.observation().tensor().toArray(ValueLayout.JAVA_BYTE);
    for (int future = 0; future < random.length; future++) {
      random[future].restart(seed, FUTURES + future);
    }
    try (PointerScope _ = new PointerScope()) {
      Tensor tokens = networks.world().tokenizer().tokens(observed()); // (1, K)
      imagination.reset(tokens.repeat(random.length, 1));
    }
  }

  private byte[] policyState() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      policy.writeState(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Returns the present real frame as the moment at which a dream begins. */
  public Moment moment() {
    Real now = real();
    return new Moment(-1, now.tokens(), now.reconstruction(), 0, false, actor.memory()[0]);
  }

  /**
   * Makes futures that can begin at any moment of a dream, beside those of {@link #imagine}.
   *
   * @param first number of the first one; another number draws otherwise
   */
  public Futures futures(int count, int first) {
    return new Futures(networks, count, first, sampler);
  }

  /** Takes a step in every future. */
  public Imagined imagine(long number) {
    long[] all = new long[random.length];
    Arrays.fill(all, number);
    try (PointerScope _ = new PointerScope()) {
      Imagination.Outcome outcome =
          imagination.step(
              Tensors.of(networks.world().tokenizerParameters().compute(), all, all.length), true);
      byte[] pixels = Pixels.bytes(imagination.frames());
      long[] tokens = Tensors.longs(imagination.tokens());
      return new Imagined(
          rows(pixels).map(this::frame).toList(), rows(tokens), outcome.rewards(), outcome.ends());
    }
  }

  /**
   * Puts the real environment and the policy back to where the dream began.
   *
   * @throws UnsupportedOperationException unless {@link #canRewind}
   */
  public Real rewind() {
    byte[] state = start;
    if (state == null) {
      throw new UnsupportedOperationException(
          "%s cannot save its state, so a dream in it cannot be compared after the fact; follow it step by step"
              .formatted(environment));
    }
    environment.restoreState(state);
    actor.goBack();
    try {
      policy.readState(new DataInputStream(new ByteArrayInputStream(startPolicy)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    step.set(0, false, false);
    MemorySegment.copy(
        startFrame, 0, step.observation().tensor(), ValueLayout.JAVA_BYTE, 0, startFrame.length);
    return real();
  }

  /** Returns whether the real episode has ended. */
  public boolean ended() {
    return step.ended();
  }

  private Tensor observed() {
    return Pixels.tensor(
        networks.world().tokenizerParameters().compute(),
        1,
        resolution,
        resolution,
        memory -> memory.copyFrom(step.observation().tensor()));
  }

  private Real real() {
    try (PointerScope _ = new PointerScope()) {
      Tensor tokens = networks.world().tokenizer().tokens(observed());
      return new Real(
          frame(step.observation().tensor().toArray(ValueLayout.JAVA_BYTE)),
          frame(Pixels.bytes(networks.world().tokenizer().decodeTokens(tokens))),
          Tensors.longs(tokens),
          step.reward(),
          step.ended());
    }
  }

  private Frame frame(byte[] pixels) {
    return new Frame(resolution, resolution, pixels);
  }

  private Stream<byte[]> rows(byte[] all) {
    int size = all.length / random.length;
    return IntStream.range(0, random.length)
        .mapToObj(row -> Arrays.copyOfRange(all, row * size, (row + 1) * size));
  }

  private List<long[]> rows(long[] all) {
    int size = all.length / random.length;
    return IntStream.range(0, random.length)
        .mapToObj(row -> Arrays.copyOfRange(all, row * size, (row + 1) * size))
        .toList();
  }

  @Override
  public void close() {
    imagination.close();
    actor.close();
    environment.close();
    networks.close();
  }
}
