package org.umwelt.worldmodel.iris;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.umwelt.envs.Environment;
import org.umwelt.envs.Frame;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.registry.Environments;
import org.umwelt.envs.spaces.Box;
import org.umwelt.envs.spaces.DType;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Discrete;
import org.umwelt.envs.spaces.Value;
import org.umwelt.kernels.random.RandomStream;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.tensor.Compute;
import org.umwelt.kernels.tensor.Tensors;

/**
 * The episodes of n imagined environments, of which each has a real one for its first frames.
 *
 * <p>What is drawn in the e-th episode after a seed is a stream of its own of that seed, so that it
 * does not matter what else the row went through. Frames are encoded and decoded row by row, so
 * that they do not depend on the number of rows.
 */
final class ImaginedEpisodes implements AutoCloseable {
  private static final Shared<IrisWorld> WORLDS = new Shared<>();
  private static final Compute COMPUTE = Compute.CPU;

  /**
   * Streams of a seed from here on belong to its imagined episodes; environments use small ones.
   */
  private static final long FIRST_STREAM = 0x4452_4541_4D00_0000L;

  /** How many times larger a rendered frame is than the observation. */
  private static final int RENDER_SCALE = 4;

  private final ImaginationConfig config;
  private final int resolution;
  private final List<Environment> real = new ArrayList<>();
  private final List<Step> realSteps = new ArrayList<>();
  private final Discrete actions;
  private final Dict infos;
  private final String digest;
  private final IrisWorld world;
  private final Imagination imagination;
  private final RandomStream[] random;
  private final long[] seeds;
  private final long[] episodes; // since the seed
  private final long[] steps;
  private final boolean[] running;
  private final byte[][] frames;
  private boolean started;
  private boolean closed;

  /**
   * Makes n environments, not started yet.
   *
   * @throws BadRequestException where the real environment does not fit the model, or the weights
   *     cannot be read
   */
  ImaginedEpisodes(ImaginationConfig config, int rows) {
    this.config = config;
    SavedIris saved = config.saved();
    resolution = saved.sizes().tokenizer().resolution();
    infos =
        Dict.empty()
            .with("imagined", Box.of(DType.INT64, 1, 1))
            .with("forgotten", Box.of(DType.INT64, 0, Integer.MAX_VALUE));
    random = new RandomStream[rows];
    Arrays.setAll(random, _ -> new RandomStream(0));
    seeds = new long[rows];
    episodes = new long[rows];
    steps = new long[rows];
    running = new boolean[rows];
    frames = new byte[rows][];
    try {
      for (int row = 0; row < rows; row++) {
        Environment environment = Environments.make(config.environment());
        real.add(environment);
        realSteps.add(Step.allocate(environment));
      }
      requireFitting(real.getFirst());
      actions = (Discrete) real.getFirst().actionSpace();
      digest = saved.digest();
      world = WORLDS.take(digest, () -> load(saved));
    } catch (RuntimeException e) {
      real.forEach(Environment::close);
      throw e;
    }
    imagination = new Imagination(world.tokenizer(), world.worldModel(), config.sampler(), random);
  }

  private static IrisWorld load(SavedIris saved) {
    IrisWorld world = new IrisWorld(COMPUTE, saved.sizes(), 0);
    try {
      world.load(saved.weights(), saved.file().toString());
      return world;
    } catch (RuntimeException e) {
      world.close();
      throw e;
    }
  }

  private void requireFitting(Environment environment) {
    Box observations = Box.image(resolution, resolution, 3);
    if (!environment.observationSpace().equals(observations)) {
      throw new BadRequestException(
          "%s: expected env to have observations %s, as %s was trained with, got %s of %s"
              .formatted(
                  config.id(),
                  observations,
                  config.saved().file(),
                  environment.observationSpace(),
                  config.environment()));
    }
    Discrete known = Discrete.of(config.saved().sizes().actions());
    if (!environment.actionSpace().equals(known)) {
      throw new BadRequestException(
          "%s: expected env to have actions %s, as %s was trained with, got %s of %s"
              .formatted(
                  config.id(),
                  known,
                  config.saved().file(),
                  environment.actionSpace(),
                  config.environment()));
    }
  }

  ImaginationConfig config() {
    return config;
  }

  Box observationSpace() {
    return Box.image(resolution, resolution, 3);
  }

  Discrete actionSpace() {
    return actions;
  }

  Dict infoSpace() {
    return infos;
  }

  List<String> actionMeanings() {
    return real.getFirst().actionMeanings();
  }

  int rows() {
    return random.length;
  }

  boolean isRunning(int row) {
    return running[row];
  }

  /** Returns the steps of a row's episode. */
  long steps(int row) {
    return steps[row];
  }

  /** Refuses reset options: there are none. */
  void requireNoOptions(Reset reset) {
    if (!reset.options().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: expected no reset options, got %s".formatted(config.id(), reset.options().keySet()));
    }
  }

  /**
   * Starts episodes.
   *
   * @param rows of which rows, ascending
   * @param seeds of each of them; empty for the next episode of the seed it has
   * @param out of each of them
   */
  void reset(int[] rows, OptionalLong[] seeds, Step[] out) {
    if (rows.length == 0) {
      return;
    }
    try (PointerScope _ = new PointerScope()) {
      List<Tensor> first = new ArrayList<>();
      for (int i = 0; i < rows.length; i++) {
        first.add(firstTokens(rows[i], seeds[i]));
      }
      Tensor tokens = Tensors.cat(first, 0); // (m, K)
      if (rows.length == rows()) {
        imagination.reset(tokens);
      } else {
        if (!started) { // rows that nobody asked for stand anywhere until somebody does
          int k = Math.toIntExact(tokens.size(1));
          imagination.reset(Tensors.of(COMPUTE, new long[rows() * k], rows(), k));
        }
        imagination.reset(rows, tokens);
      }
      started = true;
      for (int i = 0; i < rows.length; i++) {
        steps[rows[i]] = 0;
        running[rows[i]] = true;
        look(rows[i], out[i]);
        out[i].set(0, false, false);
      }
    }
  }

  private Tensor firstTokens(int row, OptionalLong seed) {
    Step first = realSteps.get(row);
    if (seed.isPresent()) {
      seeds[row] = seed.getAsLong();
      episodes[row] = 0;
      real.get(row).reset(Reset.seeded(seeds[row]), first);
    } else {
      episodes[row]++;
      real.get(row).reset(Reset.unseeded(), first);
    }
    random[row].restart(seeds[row], FIRST_STREAM + episodes[row]);
    Tensor frame =
        Pixels.tensor(
            COMPUTE,
            1,
            resolution,
            resolution,
            memory -> memory.copyFrom(first.observation().tensor()));
    return world.tokenizer().tokens(frame); // (1, K)
  }

  /** Writes what a row shows: observation and info. */
  private void look(int row, Step out) {
    try (PointerScope _ = new PointerScope()) {
      Tensor tokens = imagination.tokens().narrow(0, row, 1);
      frames[row] = Pixels.bytes(world.tokenizer().decodeTokens(tokens));
    }
    MemorySegment.copy(
        frames[row], 0, out.observation().tensor(), ValueLayout.JAVA_BYTE, 0, frames[row].length);
    out.info().setScalar(0, 1);
    out.info().setScalar(1, imagination.forgotten(row));
  }

  /**
   * Returns the action of a row whose episode runs.
   *
   * @throws IllegalStateException where none does
   * @throws IllegalArgumentException where it is not in the space
   */
  long requireAction(int row, Value action) {
    if (!running[row]) {
      throw new IllegalStateException(config.id() + ": no episode is running; reset it first");
    }
    long number = action.asLong();
    if (!actions.contains(number)) {
      throw new IllegalArgumentException(
          "%s: expected an action in %s, got %d".formatted(config.id(), actions, number));
    }
    return number;
  }

  /**
   * Takes a step in all rows whose episodes run.
   *
   * @param actions of all rows; of those without an episode any there are
   */
  void step(long[] actions, Step[] out) {
    Imagination.Outcome outcome;
    try (PointerScope _ = new PointerScope()) {
      outcome = imagination.step(Tensors.of(COMPUTE, actions, actions.length), true);
    }
    for (int row = 0; row < actions.length; row++) {
      if (running[row]) {
        steps[row]++;
        boolean terminated = outcome.ends()[row];
        boolean truncated = config.horizon() > 0 && steps[row] >= config.horizon();
        running[row] = !terminated && !truncated;
        look(row, out[row]);
        out[row].set(outcome.rewards()[row], terminated, truncated);
      }
    }
  }

  /** Returns the frame of a row, four times as wide and high. */
  Frame render(int row) {
    int size = resolution * RENDER_SCALE;
    byte[] large = new byte[size * size * 3];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int from = (y / RENDER_SCALE * resolution + x / RENDER_SCALE) * 3;
        System.arraycopy(frames[row], from, large, (y * size + x) * 3, 3);
      }
    }
    return new Frame(size, size, large);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    real.forEach(Environment::close);
    imagination.close();
    WORLDS.giveBack(digest);
  }
}
