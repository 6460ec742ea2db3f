package org.umwelt.worldmodel.iris;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.umwelt.envs.AutoresetMode;
import org.umwelt.envs.Reset;
import org.umwelt.envs.Step;
import org.umwelt.envs.StepBatch;
import org.umwelt.envs.VectorEnvironment;
import org.umwelt.envs.registry.EnvironmentId;
import org.umwelt.envs.spaces.Batch;
import org.umwelt.envs.spaces.Dict;
import org.umwelt.envs.spaces.Space;
import org.umwelt.kernels.settings.BadRequestException;
import org.umwelt.kernels.settings.Settings;

/**
 * n {@linkplain ImaginedEnvironment imagined worlds} whose transformer steps them all at once.
 *
 * <p>A row is what a single environment is for the same seed and actions, unless a draw falls
 * between two roundings of the same probability: products of matrices may differ in the last bit
 * where the number of rows does.
 */
public final class ImaginedVectorEnvironment implements VectorEnvironment {
  private final ImaginedEpisodes episodes;
  private final AutoresetMode autoresetMode;
  private final Batch actions;
  private final StepBatch steps;
  private final Step[] rows;
  private final boolean[] seeded;
  private boolean closed;

  private ImaginedVectorEnvironment(
      ImaginationConfig config, int size, AutoresetMode autoresetMode) {
    this.episodes = new ImaginedEpisodes(config, size);
    this.autoresetMode = autoresetMode;
    actions = Batch.allocate(episodes.actionSpace(), size);
    steps = StepBatch.allocate(episodes.observationSpace(), episodes.infoSpace(), size);
    rows = new Step[size];
    Arrays.setAll(rows, steps::row);
    seeded = new boolean[size];
  }

  /**
   * Makes n environments.
   *
   * @param id {@code imagine:PATH} with its own keyword arguments
   * @param n at least 1
   * @throws BadRequestException as for a single one
   */
  public static ImaginedVectorEnvironment make(String id, int n, AutoresetMode autoresetMode) {
    if (n < 1) {
      throw new BadRequestException(
          "expected at least 1 environment of %s, got %d".formatted(id, n));
    }
    EnvironmentId parsed = EnvironmentId.parse(id);
    SavedIris saved = ImaginedWorlds.saved(parsed.name());
    Settings settings = new Settings(id, ImaginationConfig.settings(saved), parsed.arguments());
    return new ImaginedVectorEnvironment(ImaginationConfig.of(saved, settings), n, autoresetMode);
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public Space singleObservationSpace() {
    return episodes.observationSpace();
  }

  @Override
  public Space singleActionSpace() {
    return episodes.actionSpace();
  }

  @Override
  public Dict singleInfoSpace() {
    return episodes.infoSpace();
  }

  @Override
  public AutoresetMode autoresetMode() {
    return autoresetMode;
  }

  @Override
  public Batch actions() {
    return actions;
  }

  @Override
  public StepBatch steps() {
    return steps;
  }

  /**
   * {@inheritDoc}
   *
   * <p>A row that was never seeded takes its row number as seed at its first unseeded reset, so
   * that rows differ.
   */
  @Override
  public StepBatch reset(Reset reset, boolean @Nullable [] mask) {
    requireOpen();
    episodes.requireNoOptions(reset);
    if (mask != null && mask.length != rows.length) {
      throw new IllegalArgumentException(
          "expected a mask of length %d, got %d".formatted(rows.length, mask.length));
    }
    int[] which =
        IntStream.range(0, rows.length).filter(row -> mask == null || mask[row]).toArray();
    begin(which, reset.seed());
    return steps;
  }

  private void begin(int[] which, OptionalLong seed) {
    OptionalLong[] own = new OptionalLong[which.length];
    for (int i = 0; i < which.length; i++) {
      int row = which[i];
      boolean again = seed.isEmpty() && seeded[row];
      own[i] = again ? OptionalLong.empty() : OptionalLong.of(seed.orElse(0) + row);
      seeded[row] = true;
    }
    episodes.reset(
        which, own, Arrays.stream(which).mapToObj(row -> rows[row]).toArray(Step[]::new));
  }

  @Override
  public StepBatch step() {
    requireOpen();
    long[] chosen = new long[rows.length];
    boolean[] resets = new boolean[rows.length];
    for (int row = 0; row < rows.length; row++) {
      resets[row] =
          autoresetMode == AutoresetMode.NEXT_STEP && seeded[row] && !episodes.isRunning(row);
      if (!resets[row]) {
        chosen[row] = requireAction(row);
      }
    }
    episodes.step(chosen, rows);
    for (int row = 0; row < rows.length; row++) {
      if (!resets[row] && !episodes.isRunning(row)) {
        steps.finalObservations().row(row).copyFrom(rows[row].observation());
        steps.finalInfos().row(row).copyFrom(rows[row].info());
        resets[row] = autoresetMode == AutoresetMode.SAME_STEP;
      }
    }
    restart(IntStream.range(0, rows.length).filter(row -> resets[row]).toArray());
    return steps;
  }

  private long requireAction(int row) {
    try {
      return episodes.requireAction(row, actions.row(row));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("row %d: %s".formatted(row, e.getMessage()), e);
    } catch (IllegalStateException e) {
      throw new IllegalStateException("row %d: %s".formatted(row, e.getMessage()), e);
    }
  }

  /** Starts the next episodes; in the step of the end, its reward and flags stay. */
  private void restart(int[] which) {
    double[] rewards = Arrays.stream(which).mapToDouble(steps::reward).toArray();
    boolean[] terminated = new boolean[which.length];
    boolean[] truncated = new boolean[which.length];
    for (int i = 0; i < which.length; i++) {
      terminated[i] = steps.terminated(which[i]);
      truncated[i] = steps.truncated(which[i]);
    }
    begin(which, OptionalLong.empty());
    if (autoresetMode == AutoresetMode.SAME_STEP) {
      for (int i = 0; i < which.length; i++) {
        rows[which[i]].set(rewards[i], terminated[i], truncated[i]);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the vector environment is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    episodes.close();
  }
}
